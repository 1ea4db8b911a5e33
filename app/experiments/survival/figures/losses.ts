import { readable } from '#app/figures/format.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import { accuracyCurves, curves, lossCurves } from '#app/circles/figures/curves.ts';
import { needsSteps, type CircleFigure } from '#app/circles/figures/recording.ts';

/** Cross-entropy on the training and the test pairs. */
export const lossesFigure: CircleFigure = {
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
export const accuraciesFigure: CircleFigure = {
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
