/** What claims train, what they read of it, and how they word what they measured. */
import { median } from '#app/numerics/statistics.ts';
import type { Claim } from '../../experiment.ts';
import type { EffectiveTheoryRun } from '../measures/recording.ts';
import { effectiveTheoryParameters, type EffectiveTheoryParameters } from '../parameters.ts';
import { passedBy } from '../phases.ts';

export type EffectiveTheoryClaim = Claim<EffectiveTheoryParameters>;

export const paperSource = 'Liu et al. 2022 (arXiv 2205.10343)';
/** Ranges that the paper does not print; they come from our own repetitions of its official code, or its result files. */
export const measuredSource = 'ranges: repetitions of the official code in NumPy';

/** The paper's toy model with changes, once for each seed 0 .. count - 1, which seeds everything that is random. */
export function seeds(count: number, changes: Partial<EffectiveTheoryParameters> = {}): EffectiveTheoryParameters[] {
  return Array.from({ length: count }, (_, seed) =>
    effectiveTheoryParameters.parse({
      embeddingSeed: seed,
      decoderSeed: seed,
      targetSeed: seed,
      splitSeed: seed,
      batchSeed: seed,
      ...changes,
    }),
  );
}

/** The toy model with n training pairs, all of them in every batch. */
export const withPairs = (trainingPairs: number, count: number): EffectiveTheoryParameters[] =>
  seeds(count, { trainingPairs, batchSize: Math.max(45, trainingPairs) });

/** Sizes of training sets that the figures over the training fraction sample. */
const sampledSizes = [15, 20, 25, 30, 35, 40, 45, 50, 54];

/** The toy model at every sampled training fraction. */
export const overFractions = ({ quick }: { quick: boolean }): EffectiveTheoryParameters[] =>
  sampledSizes.flatMap((size) => withPairs(size, quick ? 3 : 8));

export const fractionsSample = `Full batch, 5000 steps, ${sampledSizes.join(', ')} of 55 pairs, 8 seeds each (quick: 3).`;

/** Value of a scalar series in the last row. */
export function lastOf(run: EffectiveTheoryRun, series: string): number {
  const { rows, values } = run.series(series);
  return values[rows - 1];
}

/** Steps at which those runs that became linear did so. */
export const linearSteps = (runs: readonly EffectiveTheoryRun[]): number[] =>
  runs.map((run) => passedBy(run).linear).filter((step) => step !== null);

export const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;

/** A number with three significant digits. */
export const three = (value: number): string => String(Number(value.toPrecision(3)));

/** `median (smallest to largest)`. */
export const spread = (values: readonly number[]): string =>
  values.length === 0 ? 'none' : `median ${three(median(values))} (${three(Math.min(...values))} to ${three(Math.max(...values))})`;
