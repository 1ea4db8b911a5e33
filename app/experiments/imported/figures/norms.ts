import type { ColourToken, FigureSpec } from '#app/figures/spec.ts';
import { slotColour } from '#app/figures/colours.ts';
import type { Figure } from '../../experiment.ts';
import { columnOf, cursor, needsSteps } from '#app/circles/figures/recording.ts';
import { stepsOf } from '#app/circles/steps.ts';
import type { ImportedParameters } from '../parameters.ts';
import { normsSeries } from '../recording.ts';

/** Lines that are told apart by colour; the others are grey. */
const coloured = 8;

/** Norms of the embedding and of the weights over the steps. */
export const normsFigure: Figure<ImportedParameters> = {
  id: 'norms',
  title: 'Norms',
  explanation: 'The Euclidean norm of the embedding and of every weight that was imported. Steps are logarithmic.',
  source: 'the imported files',
  measures: [],
  live: true,
  draw({ run, step }) {
    const series = run.series(normsSeries);
    if (series.rows < 2) return needsSteps(2, series.rows);
    const x = stepsOf(run, series.rows);
    const names = ['embedding', ...run.parameters.weights];
    const colour = (index: number): ColourToken => (index === 0 ? 'ink-2' : index <= coloured ? slotColour(index - 1) : 'ink-3');
    return {
      id: 'norms',
      title: 'Norms',
      x: { label: 'step', unit: '', scale: 'log' },
      y: { label: 'norm', unit: '', scale: 'linear' },
      marks: [
        ...names.map((label, index) => ({
          kind: 'line' as const,
          label,
          x,
          y: columnOf(series, index),
          colour: colour(index),
          legend: index <= coloured,
        })),
        ...cursor(run, step, series.rows),
      ],
    } satisfies FigureSpec;
  },
};
