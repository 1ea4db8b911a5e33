/** What tests of imports share. */
import { zipSync } from 'fflate';
import { opened } from '#app/arrays/testing.ts';
import { writeNpy, type NpyArray } from '#app/runs/npy.ts';
import { catalogueOf, type Candidate } from './catalogue.ts';

/** Arrays by name, as NumPy would save them. */
export type Arrays = Readonly<Record<string, { readonly shape: readonly number[]; readonly values: NpyArray }>>;

export const npz = (arrays: Arrays): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(arrays).map(([name, { shape, values }]) => [`${name}.npy`, writeNpy(values, shape)])));

/** What several files hold, by name. */
export async function catalogue(files: Readonly<Record<string, Uint8Array>>): Promise<Candidate[]> {
  const all = [];
  for (const [name, bytes] of Object.entries(files)) all.push(await opened(bytes, name));
  return catalogueOf(all);
}

export const row = (length: number, value: (i: number) => number = (i) => i): { shape: number[]; values: Float64Array } => ({
  shape: [length],
  values: Float64Array.from({ length }, (_, i) => value(i)),
});

/** Tokens on a circle of frequency 2 that grows with the steps, and on one of frequency 1 that shrinks: steps x tokens x 4. */
export function circles(steps: number, tokens: number, width = 4): { shape: number[]; values: Float32Array } {
  const values = new Float32Array(steps * tokens * width);
  for (let step = 0; step < steps; step++)
    for (let token = 0; token < tokens; token++) {
      const [grows, shrinks] = [1 + step / steps, 1 - step / steps];
      const turn = (2 * Math.PI * token) / tokens;
      const at = (step * tokens + token) * width;
      values.set(
        [grows * Math.cos(2 * turn), grows * Math.sin(2 * turn), shrinks * Math.cos(turn), shrinks * Math.sin(turn)].slice(0, width),
        at,
      );
    }
  return { shape: [steps, tokens, width], values };
}
