/** Initial embeddings and what is done to their circles before training starts. */
import { inverseTransform, frequencyCount, scaleFrequencies } from '#app/numerics/spectra.ts';
import type { RandomStream } from '#app/numerics/random.ts';

/** What happens to the circles of the initial embedding. */
export type CircleIntervention =
  | { readonly kind: 'all' }
  /** Only the listed circles stay (ablation study: F_0 goes as well). */
  | { readonly kind: 'keep'; readonly frequencies: readonly number[] }
  | { readonly kind: 'remove'; readonly frequencies: readonly number[] }
  /** Listed circles are multiplied by `scale` (perturbation study). */
  | { readonly kind: 'scale'; readonly frequencies: readonly number[]; readonly scale: number }
  /** The first listed circle gets signal 80, the others 80 `scale`, the rest 1e-6 (construction study). */
  | { readonly kind: 'construct'; readonly frequencies: readonly number[]; readonly scale: number };

/** Signal of the first constructed circle (official code, `manual_construction.py`). */
export const constructedSignal = 80;
/** Signal of circles that a construction leaves out. */
export const constructedRest = 1e-6;

/** Independent standard normal numbers, row-major (modulus x width). */
export function normalEmbedding(modulus: number, width: number, random: RandomStream): Float64Array {
  return Float64Array.from({ length: modulus * width }, () => random.normal());
}

/** The initial embedding (modulus x width, row-major) after the intervention; `random` is consumed from its start. */
export function initialEmbedding(modulus: number, width: number, random: RandomStream, intervention: CircleIntervention): Float64Array {
  if (intervention.kind === 'construct') return constructed(modulus, width, random, intervention.frequencies, intervention.scale);
  const embedding = normalEmbedding(modulus, width, random);
  if (intervention.kind === 'all') return embedding;
  const gains = new Float64Array(frequencyCount(modulus)).fill(intervention.kind === 'keep' ? 0 : 1);
  const gain = intervention.kind === 'keep' ? 1 : intervention.kind === 'remove' ? 0 : intervention.scale;
  for (const k of intervention.frequencies) gains[k] = gain;
  return scaleFrequencies(embedding, modulus, width, gains);
}

/**
 * Every F_k is a real vector in a random direction with a prescribed norm, as in the official code: a constructed
 * circle starts as a line that the tokens run along as cos(2 pi k t / p), and training opens it.
 */
function constructed(modulus: number, width: number, random: RandomStream, frequencies: readonly number[], scale: number): Float64Array {
  const count = frequencyCount(modulus);
  const real = new Float64Array(count * width);
  for (let k = 1; k < count; k += 1) {
    const direction = Float64Array.from({ length: width }, () => random.normal());
    const length = Math.sqrt(direction.reduce((sum, value) => sum + value * value, 0));
    const place = frequencies.indexOf(k);
    const signal = place === 0 ? constructedSignal : place > 0 ? constructedSignal * scale : constructedRest;
    for (let j = 0; j < width; j += 1) real[k * width + j] = (signal * direction[j]) / length;
  }
  return inverseTransform({ rows: modulus, columns: width, frequencies: count, real, imaginary: new Float64Array(real.length) });
}
