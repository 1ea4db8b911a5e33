import type { FigureSpec } from '#app/figures/spec.ts';
import type { EntropyResult } from '../measures/entropy.ts';
import { cursor, type EffectiveTheoryFigure } from './recording.ts';

/** How many dimensions the embedding uses. */
export const entropyFigure: EffectiveTheoryFigure = {
  id: 'entropy',
  title: 'Effective dimension',
  explanation:
    'The exponential of the entropy of the variances of the principal components of the embedding: how many dimensions it uses. It falls as structure forms.',
  source: 'Liu et al. 2022, figure 7',
  measures: ['entropy'],
  live: false,
  draw({ run, results, step }) {
    const result = results.entropy as EntropyResult | undefined;
    if (!result) return 'Needs the effective dimension, which has not been computed for this run.';
    if (run.frame('embedding', 0).shape[1] === 1) return 'An embedding of one dimension always uses one.';
    const { steps, dimensions } = result;
    return {
      id: 'entropy',
      title: 'Effective dimension eˢ',
      aside: dimensions.length > 0 ? `last ${dimensions[dimensions.length - 1].toFixed(1)}` : undefined,
      x: { label: 'step', unit: '', scale: 'linear' },
      y: { label: 'exp S', unit: '', scale: 'linear' },
      marks: [{ kind: 'line', label: 'exp S', x: steps, y: dimensions, colour: 'accent' }, ...cursor(step, run.steps + 1)],
    } satisfies FigureSpec;
  },
};
