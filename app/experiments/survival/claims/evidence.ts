/** What claims read of runs, and how they word what they measured. */
import { mean, median, rocAuc, spearman } from '#app/numerics/statistics.ts';
import type { Claim, ClaimOutcome, RecordedRun } from '../../experiment.ts';
import { relativeChange } from '../measures/gradient.ts';
import type { SurvivalParameters } from '../parameters.ts';
import { survivalPresets } from '../presets.ts';
import { signalHistory, survivorsOfRun } from '#app/circles/survivors.ts';

export type SurvivalClaim = Claim<SurvivalParameters>;
export type CircleRun = RecordedRun<SurvivalParameters>;

export const paperSource = 'Ding et al. 2024 (arXiv 2405.17420)';
/** Ranges that the paper does not print; they come from our own repetitions of its official code. */
export const measuredSource = 'ranges: repetitions of the official code in NumPy';

/** Parameters of a preset with the same seed for embedding, network and split, for seeds first .. first + count - 1. */
export function seeds(preset: string, count: number, overrides: Partial<SurvivalParameters> = {}, first = 0): SurvivalParameters[] {
  const { parameters } = survivalPresets.find(({ id }) => id === preset)!;
  return Array.from({ length: count }, (_, i) => ({
    ...parameters,
    ...overrides,
    embeddingSeed: first + i,
    mlpSeed: first + i,
    splitSeed: first + i,
  }));
}

/** Runs of the paper preset: shared by all claims that use it, so that they are trained once. */
export const paperRuns = ({ quick }: { quick: boolean }): SurvivalParameters[] => seeds('paper', quick ? 4 : 8);

/** Runs of the fast preset. */
export const fastRuns = ({ quick }: { quick: boolean }): SurvivalParameters[] => seeds('fast', quick ? 6 : 12);

/** The sample in words, for `how`. */
export const paperSample = 'Paper preset, 8 seeds (quick: 4).';
export const fastSample = 'Fast preset, 12 seeds (quick: 6).';

export const survivorsAt = (run: CircleRun): readonly number[] => survivorsOfRun(run)?.frequencies ?? [];

/** Value of a scalar series after `step` updates. */
export const valueAt = (run: CircleRun, series: string, step: number): number => run.series(series).values[step];

/** One number per frequency of every run, with whether the frequency survived; each run's mean is taken off. */
export function pooled(
  runs: readonly CircleRun[],
  scores: (run: CircleRun) => ArrayLike<number>,
): { scores: number[]; survived: boolean[] } {
  const all = { scores: [] as number[], survived: [] as boolean[] };
  for (const run of runs) {
    const values = scores(run);
    const centre = mean(values);
    const alive = survivorsAt(run);
    for (let i = 0; i < values.length; i += 1) {
      all.scores.push(values[i] - centre);
      all.survived.push(alive.includes(i + 1));
    }
  }
  return all;
}

export const signalAt = (step: number) => (run: CircleRun) => signalHistory(run).at(step).signals;

export const gradientAt = (tau: number) => (run: CircleRun) => relativeChange(run, tau);

export function pooledAuc(runs: readonly CircleRun[], scores: (run: CircleRun) => ArrayLike<number>): number {
  const sample = pooled(runs, scores);
  return rocAuc(sample.scores, sample.survived);
}

export function pooledSpearman(runs: readonly CircleRun[], scores: (run: CircleRun) => ArrayLike<number>): number {
  const sample = pooled(runs, scores);
  return spearman(
    sample.scores,
    sample.survived.map((alive) => (alive ? 1 : 0)),
  );
}

export const within = (value: number, low: number, high: number): boolean => value >= low && value <= high;

/** A number with three significant digits; what is nearly 1 keeps four decimals, so that 0.9994 does not read as 0.999. */
export const three = (value: number): string => {
  if (!Number.isFinite(value)) return String(value);
  return String(Number(value > 0.99 && value < 1 ? value.toFixed(4) : value.toPrecision(3)));
};

/** `median (smallest to largest)`. */
export const spread = (values: readonly number[]): string =>
  `median ${three(median(values))} (${three(Math.min(...values))} to ${three(Math.max(...values))})`;

/** Outcome that holds if the median over seeds lies in a range. */
export function medianWithin(values: readonly number[], low: number, high: number, what = ''): ClaimOutcome {
  return {
    measured: `${what}${spread(values)}`,
    expected: `${three(low)} to ${three(high)}`,
    tolerance: `median of ${values.length} seeds`,
    holds: within(median(values), low, high),
  };
}
