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

/** The recorded row that is seen at a training step: the last one that is not after it, or the first. */
export function rowAt(run: Pick<RecordedRun, 'seriesInfo' | 'series'>, step: number): number {
  if (!tellsSteps(run)) return Math.max(0, step);
  const steps = run.series(trainingStepSeries).values;
  let [low, high] = [0, steps.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (steps[middle]! <= step) low = middle;
    else high = middle - 1;
  }
  return low;
}
