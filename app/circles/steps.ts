/** Which training step a row is: rows are steps, unless the run was imported and says which steps its rows are. */
import type { RecordedRun } from '#app/experiments/experiment.ts';

/** Series of an imported run with the training step of every row. */
export const trainingStepSeries = 'trainingStep';

/** Whether a run was imported, and says which steps its rows are. */
export const tellsSteps = (run: Pick<RecordedRun, 'seriesInfo'>): boolean => run.seriesInfo.some(({ name }) => name === trainingStepSeries);

/** Training steps of the first `rows` rows. */
export function stepsOf(run: Pick<RecordedRun, 'seriesInfo' | 'series'>, rows: number): Float64Array {
  return tellsSteps(run) ? run.series(trainingStepSeries).values.subarray(0, rows) : Float64Array.from({ length: rows }, (_, step) => step);
}

/** Training step of one recorded row. */
export function stepOf(run: Pick<RecordedRun, 'seriesInfo' | 'series'>, row: number): number {
  return tellsSteps(run) ? (run.series(trainingStepSeries).values[row] ?? row) : row;
}
