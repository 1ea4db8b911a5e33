import type { Spread } from '#app/protocol/bench.ts';

/** The p-quantile by linear interpolation between order statistics (type 7). @throws RangeError for no value */
export function quantile(values: readonly number[], p: number): number {
  if (values.length === 0) throw new RangeError('no value has no quantile');
  const sorted = [...values].sort((a, b) => a - b);
  const place = p * (sorted.length - 1);
  const below = Math.floor(place);
  return sorted[below] + (place - below) * (sorted[Math.min(below + 1, sorted.length - 1)] - sorted[below]);
}

/** How values of rounds vary; null for none. */
export function spreadOf(values: readonly number[]): Spread | null {
  if (values.length === 0) return null;
  return { minimum: Math.min(...values), q10: quantile(values, 0.1), median: quantile(values, 0.5), q90: quantile(values, 0.9) };
}
