import { z } from 'zod';
import { LotkaError } from '#app/protocol/errors.ts';
import { principalComponents, project } from '#app/numerics/pca.ts';
import { realTransform } from '#app/numerics/spectra.ts';
import { mean } from '#app/numerics/statistics.ts';
import type { Measure } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';

/** Principal components that count. */
const components = 4;

export interface CircularityResult {
  readonly step: number;
  /** Circularity of each of the first components, 0 .. 1, and the frequency at which it is reached. */
  readonly values: readonly number[];
  readonly frequencies: readonly number[];
}

/**
 * Circularity of the first principal components of an embedding: of each the largest share of its energy that one
 * frequency carries, max_k 2 |sum_t v_t e^(2 pi i k t / p)|² / (p sum_t v_t²).
 * @param embedding row-major, symbols x width
 */
export function componentCircularity(
  embedding: ArrayLike<number>,
  symbols: number,
  width: number,
): { values: number[]; frequencies: number[] } {
  const principal = principalComponents(embedding, symbols, width, components);
  const coordinates = project(principal, embedding);
  const { real, imaginary, frequencies } = realTransform(coordinates, symbols, principal.count);
  const best = Array.from({ length: principal.count }, (_, axis) => {
    let energy = 0;
    for (let t = 0; t < symbols; t += 1) energy += coordinates[t * principal.count + axis] ** 2;
    let [value, frequency] = [0, 0];
    for (let k = 1; k < frequencies; k += 1) {
      const at = k * principal.count + axis;
      // The frequency p/2 of an even p is its own conjugate and carries its energy once.
      const share = ((2 * k === symbols ? 1 : 2) * (real[at] ** 2 + imaginary[at] ** 2)) / (symbols * energy);
      if (share > value) [value, frequency] = [share, k];
    }
    return { value, frequency };
  });
  return { values: best.map(({ value }) => value), frequencies: best.map(({ frequency }) => frequency) };
}

export const circularityMeasure: Measure<EffectiveTheoryParameters, CircularityResult> = {
  id: 'circularity',
  label: 'Circularity',
  unit: '',
  formula:
    'c = \\frac14 \\sum_{i=1}^{4} \\max_k \\frac{2}{p \\sum_t v_{it}^2} \\Bigl\\lvert \\sum_t v_{it}\\, e^{2\\pi \\mathrm{i} k t/p} \\Bigr\\rvert^2',
  source: 'Zhong et al. 2023, circularity of the first four principal components',
  needs: 'recording',
  options: z.object({ step: z.number({ error: 'a step is a whole number from 0' }).int().min(0).optional() }),
  compute(run, options) {
    const { step } = circularityMeasure.options.parse(options) as { step?: number };
    if (run.parameters.task !== 'modular')
      throw new LotkaError('conflict', 'Circles are what modular addition may be learnt with; this run learns another task.');
    const frame = run.frame('embedding', step ?? run.steps);
    return { step: frame.step, ...componentCircularity(frame.values, frame.shape[0], frame.shape[1]) };
  },
  quantities: ({ step, values, frequencies }) => [
    { id: 'step', label: 'Step', unit: '', value: step },
    { id: 'circularity', label: 'Circularity', symbol: 'c', unit: '', value: mean(values) },
    { id: 'components', label: 'Of each principal component', unit: '', value: [...values] },
    { id: 'frequencies', label: 'Frequency of each', symbol: 'k', unit: '', value: [...frequencies] },
  ],
};
