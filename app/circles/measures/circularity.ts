import { z } from 'zod';
import { cosTurn, sinTurn } from '#app/numerics/elementary.ts';
import type { Measure } from '#app/experiments/experiment.ts';
import { circleCount, fourierPlane, projectOnPlane, type CircleParameters } from '../signals.ts';
import type { Embedding } from '../signals.ts';
import { survivorsOfRun } from '../survivors.ts';

export interface CircularityResult {
  readonly step: number;
  /** Circularity of frequency i + 1. */
  readonly values: Float64Array;
  readonly survivors: readonly number[];
}

/** 2 |sum_t x_t e^(2 pi i k t / p)|² / (p sum_t x_t²) of one projection, in [0, 1]; 0 if the projection vanishes. */
export function circularityOfProjection(x: ArrayLike<number>, k: number): number {
  const modulus = x.length;
  let [real, imaginary, energy] = [0, 0, 0];
  for (let t = 0; t < modulus; t += 1) {
    real += x[t] * cosTurn(k * t, modulus);
    imaginary += x[t] * sinTurn(k * t, modulus);
    energy += x[t] * x[t];
  }
  return energy === 0 ? 0 : (2 * (real * real + imaginary * imaginary)) / (modulus * energy);
}

/** Root mean square of the circularities of the two projections on the Fourier plane of circle k. */
export function circularity(embedding: Embedding, k: number): number {
  const points = projectOnPlane(embedding, fourierPlane(embedding, k));
  const along = (axis: 0 | 1) =>
    circularityOfProjection(
      Float64Array.from({ length: embedding.modulus }, (_, t) => points[2 * t + axis]),
      k,
    );
  return Math.sqrt((along(0) ** 2 + along(1) ** 2) / 2);
}

export const circularityMeasure: Measure<CircleParameters, CircularityResult> = {
  id: 'circularity',
  label: 'Circularity',
  unit: '',
  formula:
    'c(x) = \\frac{2\\,\\lvert\\sum_t x_t e^{2\\pi i k t/p}\\rvert^2}{p \\sum_t x_t^2}, \\quad c_k = \\sqrt{\\tfrac12 (c(E\\hat u)^2 + c(E\\hat v)^2)}',
  source: 'Ding et al. 2024, circularity; official code utils.py',
  needs: 'recording',
  options: z.object({ step: z.number().int().min(0).optional() }),
  compute(run, options) {
    const { step } = circularityMeasure.options.parse(options) as { step?: number };
    const frame = run.frame('embedding', step ?? run.steps);
    const [modulus, width] = frame.shape;
    const embedding = { modulus, width, values: frame.values };
    return {
      step: frame.step,
      values: Float64Array.from({ length: circleCount(modulus) }, (_, i) => circularity(embedding, i + 1)),
      survivors: survivorsOfRun(run)?.frequencies ?? [],
    };
  },
  quantities: ({ step, values, survivors }) => {
    const dead = [...values].filter((_, i) => !survivors.includes(i + 1));
    return [
      { id: 'step', label: 'Step', unit: '', value: step },
      { id: 'survivors', label: 'Surviving frequencies', symbol: 'k', unit: '', value: [...survivors] },
      {
        id: 'circularity-survivors',
        label: 'Circularity of each survivor',
        symbol: 'c_k',
        unit: '',
        value: survivors.map((k) => values[k - 1]),
      },
      {
        id: 'circularity-dead',
        label: 'Largest circularity among the others',
        unit: '',
        value: dead.length === 0 ? NaN : Math.max(...dead),
      },
    ];
  },
};
