/** A free run as a path over the landscape: at every step the norm of its parameters and its own losses. */
import type { LandscapeCurve, LandscapeInfo, RecordedRun } from '#app/experiments/experiment.ts';

export interface LandscapePath {
  readonly steps: Int32Array;
  readonly norms: Float64Array;
  /** NaN where the run did not measure it. */
  readonly train: Float64Array;
  readonly test: Float64Array;
}

/** The point of a run that a landscape shows: where it stands at a step. */
export interface LandscapePoint {
  readonly step: number;
  readonly norm: number;
  readonly train: number;
  readonly test: number;
}

const same = (value: number): number => value;

/** The path up to a step, with at most about `most` points; the first and the last are always there. */
export function pathOf(
  info: LandscapeInfo,
  curve: LandscapeCurve,
  run: Pick<RecordedRun, 'series'>,
  step = Infinity,
  most = 2000,
): LandscapePath {
  const of = curve.ofSeries ?? same;
  const [norms, train, test] = [info.normSeries, curve.trainSeries, curve.testSeries].map((name) => run.series(name));
  const rows = Math.min(norms.rows, train.rows, test.rows, step + 1);
  const stride = Math.max(1, Math.ceil(rows / most));
  const steps = Int32Array.from({ length: rows === 0 ? 0 : Math.ceil((rows - 1) / stride) + 1 }, (_, i) => Math.min(i * stride, rows - 1));
  return {
    steps,
    norms: Float64Array.from(steps, (row) => norms.values[row]),
    train: Float64Array.from(steps, (row) => of(latest(train.values, row))),
    test: Float64Array.from(steps, (row) => of(latest(test.values, row))),
  };
}

/** Where a run stands at a step, or at its last one; null if nothing is recorded. */
export function pointAt(
  info: LandscapeInfo,
  curve: LandscapeCurve,
  run: Pick<RecordedRun, 'series'>,
  step = Infinity,
): LandscapePoint | null {
  const of = curve.ofSeries ?? same;
  const [norms, train, test] = [info.normSeries, curve.trainSeries, curve.testSeries].map((name) => run.series(name));
  const row = Math.min(step, norms.rows - 1, train.rows - 1, test.rows - 1);
  if (row < 0) return null;
  return { step: row, norm: norms.values[row], train: of(latest(train.values, row)), test: of(latest(test.values, row)) };
}

/** The value of a row, or the one before it that was measured: some runs look at every so many steps only. */
function latest(values: Float64Array, row: number): number {
  for (let i = row; i >= 0; i -= 1) if (!Number.isNaN(values[i])) return values[i];
  return Number.NaN;
}
