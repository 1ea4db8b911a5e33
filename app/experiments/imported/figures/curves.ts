import type { FigureSpec } from '#app/figures/spec.ts';
import type { Figure } from '../../experiment.ts';
import { accuracyCurves, curves, lossCurves, type Curve } from '#app/circles/figures/curves.ts';
import { needsSteps } from '#app/circles/figures/recording.ts';
import type { ImportedParameters } from '../parameters.ts';

/** Curves of what the files tell, of the wanted ones. */
function figureOf(
  id: string,
  title: string,
  wanted: readonly Curve[],
  explanation: string,
  logarithmic: boolean,
): Figure<ImportedParameters> {
  return {
    id,
    title,
    explanation,
    source: 'the imported files',
    measures: [],
    live: true,
    draw({ run, step }) {
      const there = wanted.filter(({ series }) => run.seriesInfo.some(({ name }) => name === series));
      const [first] = there;
      if (!first) return `The imported files have no ${title.toLowerCase()}.`;
      const { rows } = run.series(first.series);
      if (rows < 2) return needsSteps(2, rows);
      const values = there.map(({ series }) => run.series(series).values);
      const positive = values.every((column) => column.every((value) => value > 0 || Number.isNaN(value)));
      return {
        id,
        title,
        x: { label: 'step', unit: '', scale: 'log' },
        y: { label: title.toLowerCase(), unit: '', scale: logarithmic && positive ? 'log' : 'linear' },
        marks: curves(run, there, step),
      } satisfies FigureSpec;
    },
  };
}

export const lossesFigure = figureOf('losses', 'Loss', lossCurves, 'The losses as the files have them. Steps are logarithmic.', true);

export const accuraciesFigure = figureOf(
  'accuracies',
  'Accuracy',
  accuracyCurves,
  'The accuracies as the files have them. Steps are logarithmic.',
  false,
);
