import { z } from 'zod';
import { principalComponents } from '#app/numerics/pca.ts';
import type { Measure } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';

export interface EntropyResult {
  readonly steps: readonly number[];
  /** exp S at each of the steps: 1 .. embedding width. */
  readonly dimensions: Float64Array;
}

/**
 * Effective dimension exp(S) of an embedding: S = -sum p_i ln p_i over the shares of variance of its principal components.
 * NaN if all rows are equal.
 * @param embedding row-major, symbols x width
 */
export function effectiveDimension(embedding: ArrayLike<number>, symbols: number, width: number): number {
  const { singularValues } = principalComponents(embedding, symbols, width, Math.min(symbols, width));
  const variances = singularValues.map((value) => value * value);
  const total = variances.reduce((sum, value) => sum + value, 0);
  let entropy = 0;
  for (const variance of variances) if (variance > 0) entropy -= (variance / total) * Math.log(variance / total);
  return total > 0 ? Math.exp(entropy) : NaN;
}

export const entropyMeasure: Measure<EffectiveTheoryParameters, EntropyResult> = {
  id: 'entropy',
  label: 'Effective dimension',
  unit: '',
  formula: 'e^{S}, \\quad S = -\\sum_i p_i \\ln p_i, \\quad p_i = \\sigma_i^2 / \\textstyle\\sum_j \\sigma_j^2',
  source: 'Liu et al. 2022, figure 7, entropy of the embedding',
  needs: 'recording',
  options: z.object({}),
  compute(run, _options, context) {
    const steps = run.frameSteps('embedding').filter((step) => step <= run.steps);
    const dimensions = Float64Array.from(steps, (step, i) => {
      context.progress(i / steps.length);
      const { shape, values } = run.frame('embedding', step);
      return effectiveDimension(values, shape[0], shape[1]);
    });
    return { steps, dimensions };
  },
  quantities: ({ steps, dimensions }) => [
    { id: 'first', label: 'Effective dimension at the start', symbol: 'e^S', unit: '', value: dimensions.at(0) ?? NaN },
    { id: 'largest', label: 'Largest', unit: '', value: dimensions.length === 0 ? NaN : Math.max(...dimensions) },
    { id: 'last', label: `At step ${steps.at(-1) ?? 0}`, unit: '', value: dimensions.at(-1) ?? NaN },
  ],
};
