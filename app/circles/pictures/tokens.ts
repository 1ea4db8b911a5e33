/** Tokens 0 .. modulus - 1 by name. */
export const tokenNames = (modulus: number): string[] => Array.from({ length: modulus }, (_, token) => String(token));

/** Pairs (t, t + spacing), flattened: the round of a circle. Empty if the circle has no single step. */
export function circleLinks(modulus: number, spacing: number | null): Uint16Array {
  if (spacing === null) return new Uint16Array(0);
  return Uint16Array.from({ length: 2 * modulus }, (_, index) => ((index >> 1) + (index & 1) * spacing) % modulus);
}
