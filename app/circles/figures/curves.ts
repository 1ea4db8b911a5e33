import type { ColourToken, Mark } from '#app/figures/spec.ts';
import { stepsOf } from '../steps.ts';
import { columnOf, cursor, type CircleRun } from './recording.ts';

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

/** Lines of scalar series over the steps, and the step that is looked at. */
export function curves(run: CircleRun, wanted: readonly Curve[], step: number): Mark[] {
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
