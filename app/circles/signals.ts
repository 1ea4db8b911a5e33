/** Fourier view of an embedding: one circle for every frequency (paper, section 3; official code `get_signal`). */
import { coefficient, frequencyCount, realTransform, scaleFrequencies, spectralNorms } from '#app/numerics/spectra.ts';

/** What circles depend on. */
export interface CircleParameters {
  /** Tokens on the round. */
  readonly modulus: number;
}

/** Token embedding, row-major (modulus x width): row t belongs to token t. */
export interface Embedding {
  readonly modulus: number;
  readonly width: number;
  readonly values: ArrayLike<number>;
}

/** Number of circles: frequencies k = 1 .. floor((p-1)/2). Frequency k and p - k are the same circle. */
export const circleCount = (modulus: number): number => Math.floor((modulus - 1) / 2);

/** Link key of a circle, the same in every panel. */
export const circleKey = (k: number): string => `k=${k}`;

/** Signals s_k = ||F_k||_2 with F_k = sum_t exp(-2 pi i k t / p) E[t, :]; element i belongs to frequency k = i + 1. */
export function signals(embedding: Embedding): Float64Array {
  return signalsWithMean(embedding).slice(1, 1 + circleCount(embedding.modulus));
}

/** ||F_k||_2 for k = 0 (the mean of the tokens) .. floor(p/2). */
export function signalsWithMean({ modulus, width, values }: Embedding): Float64Array {
  return spectralNorms(realTransform(values, modulus, width));
}

/** Fourier vector F_k in C^width. */
export function fourierVector({ modulus, width, values }: Embedding, k: number): { real: Float64Array; imaginary: Float64Array } {
  return coefficient(values, modulus, width, k);
}

/** Two directions in embedding space that span the plane of circle k. */
export interface FourierPlane {
  readonly u: Float64Array;
  readonly v: Float64Array;
}

/**
 * Plane of circle k: u = Re F_k / |Re F_k|, v = Im F_k / |Im F_k|. A part that vanishes stays the zero vector.
 * @param basis `paper` leaves the two as they are; `orthonormal` removes u's share from v, so that lengths and angles are true
 */
export function fourierPlane(embedding: Embedding, k: number, basis: 'paper' | 'orthonormal' = 'paper'): FourierPlane {
  const { real, imaginary } = fourierVector(embedding, k);
  const u = normalised(real);
  if (basis === 'orthonormal') {
    const share = dot(imaginary, u);
    for (let j = 0; j < u.length; j += 1) imaginary[j] -= share * u[j];
  }
  return { u, v: normalised(imaginary) };
}

/** Coordinates of every token in a plane: modulus x 2, row-major (E u, E v). */
export function projectOnPlane({ modulus, width, values }: Embedding, { u, v }: FourierPlane): Float64Array {
  const points = new Float64Array(2 * modulus);
  for (let t = 0; t < modulus; t += 1) {
    for (let j = 0; j < width; j += 1) {
      const value = values[t * width + j];
      points[2 * t] += value * u[j];
      points[2 * t + 1] += value * v[j];
    }
  }
  return points;
}

/**
 * Delta = k^-1 mod p: tokens t and t + Delta are neighbours on circle k (p - Delta is the same circle read backwards).
 * Null if k and p share a divisor: then the circle carries several tokens in one place and has no single step.
 */
export function neighbourStep(k: number, modulus: number): number | null {
  let [remainder, next] = [modulus, ((k % modulus) + modulus) % modulus];
  let [inverse, following] = [0, 1];
  while (next !== 0) {
    const quotient = Math.floor(remainder / next);
    [remainder, next] = [next, remainder - quotient * next];
    [inverse, following] = [following, inverse - quotient * following];
  }
  return remainder === 1 ? ((inverse % modulus) + modulus) % modulus : null;
}

/** The embedding with only the given circles and the mean F_0 left (paper, section on collaboration). */
export function keepCircles({ modulus, width, values }: Embedding, circles: Iterable<number>): Float64Array {
  const gains = new Float64Array(frequencyCount(modulus));
  gains[0] = 1;
  for (const k of circles) gains[k] = 1;
  return scaleFrequencies(values, modulus, width, gains);
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let j = 0; j < a.length; j += 1) sum += a[j] * b[j];
  return sum;
}

function normalised(vector: Float64Array): Float64Array {
  const length = Math.sqrt(dot(vector, vector));
  return length === 0 ? new Float64Array(vector.length) : vector.map((value) => value / length);
}
