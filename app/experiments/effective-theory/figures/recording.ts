/** What the figures share. */
import type { Mark } from '#app/figures/spec.ts';
import type { Figure } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { hasSeries, type EffectiveTheoryRun } from '../measures/recording.ts';

export type EffectiveTheoryFigure = Figure<EffectiveTheoryParameters>;

/** Steps 0 .. rows - 1. */
export const stepsOf = (rows: number): Float64Array => Float64Array.from({ length: rows }, (_, step) => step);

/** One component of a series over all recorded rows. */
export function columnOf(run: EffectiveTheoryRun, name: string, column = 0): Float64Array {
  const { width, rows, values } = run.series(name);
  return Float64Array.from({ length: rows }, (_, row) => values[row * width + column]);
}

/** Rows that the run recorded of a series; 0 if it does not record it. */
export const rowsOf = (run: EffectiveTheoryRun, name: string): number => (hasSeries(run, name) ? run.series(name).rows : 0);

/** The step that is looked at, as a line across the figure; nothing at the ends, where it would only cover the edge. */
export function cursor(step: number, rows: number): Mark[] {
  return step > 0 && step < rows - 1 ? [{ kind: 'rule', axis: 'x', at: step, colour: 'accent' }] : [];
}

/** Why a figure of a curve has nothing to show. */
export const needsOneStep = 'Needs 1 step; none is recorded.';
