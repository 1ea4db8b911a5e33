import { readable } from '#app/figures/format.ts';
import type { ColourToken, FigureSpec, Mark } from '#app/figures/spec.ts';
import { stepsOf } from '../steps.ts';
import { columnOf, cursor, needsSteps, type SurvivalFigure, type SurvivalRun } from './recording.ts';

/** A series as a line of a figure. */
export interface Curve {
  readonly series: string;
  readonly label: string;
  readonly colour: ColourToken;
}

export const lossCurves: readonly Curve[] = [
  { series: 'trainLoss', label: 'train', colour: 'ink-2' },
  { series: 'testLoss', label: 'test', colour: 'accent' },
];
export const accuracyCurves: readonly Curve[] = [
  { series: 'trainAccuracy', label: 'train', colour: 'ink-2' },
  { series: 'testAccuracy', label: 'test', colour: 'accent' },
];

/** Cross-entropy on the training and the test pairs. */
export const lossesFigure: SurvivalFigure = {
  id: 'losses',
  title: 'Loss',
  explanation:
    'Mean cross-entropy on the pairs trained on and on those held out. Both axes are logarithmic; with $p$ answers, guessing costs $\\ln p$.',
  source: 'Ding et al. 2024, training set-up',
  measures: [],
  live: true,
  draw({ run, step }) {
    if (run.series('testLoss').rows < 2) return needsSteps(1, 0);
    const last = run.series('testLoss').values[run.series('testLoss').rows - 1];
    return {
      id: 'losses',
      title: 'Loss',
      aside: `test ${readable(last, 2)}`,
      x: { label: 'step', unit: '', scale: 'log' },
      y: { label: 'cross-entropy', unit: 'nats', scale: 'log' },
      marks: [guess(Math.log(run.parameters.modulus)), ...curves(run, lossCurves, step)],
    } satisfies FigureSpec;
  },
};

/** Share of right answers on the training and the test pairs. */
export const accuraciesFigure: SurvivalFigure = {
  id: 'accuracies',
  title: 'Accuracy',
  explanation: 'Share of pairs answered rightly, of those trained on and of those held out. The dashed line is what guessing gives, $1/p$.',
  source: 'Ding et al. 2024, training set-up',
  measures: [],
  live: true,
  draw({ run, step }) {
    const test = run.series('testAccuracy');
    if (test.rows < 2) return needsSteps(1, 0);
    return {
      id: 'accuracies',
      title: 'Accuracy',
      aside: `test ${test.values[test.rows - 1].toFixed(3)}`,
      x: { label: 'step', unit: '', scale: 'log' },
      y: { label: 'accuracy', unit: '', scale: 'linear', domain: [0, 1.02] },
      marks: [guess(1 / run.parameters.modulus), ...curves(run, accuracyCurves, step)],
    } satisfies FigureSpec;
  },
};

const guess = (at: number): Mark => ({ kind: 'rule', axis: 'y', at, label: 'guessing', colour: 'ink-3', dash: true });

/** Lines of scalar series over the steps, and the step that is looked at. */
export function curves(run: SurvivalRun, wanted: readonly Curve[], step: number): Mark[] {
  const rows = Math.min(...wanted.map(({ series }) => run.series(series).rows));
  const x = stepsOf(run, rows);
  const lines = wanted.map(({ series, label, colour }): Mark => ({
    kind: 'line',
    label,
    x,
    y: columnOf(run.series(series), 0).subarray(0, rows),
    colour,
    legend: true,
  }));
  return [...lines, ...cursor(run, step, rows)];
}
