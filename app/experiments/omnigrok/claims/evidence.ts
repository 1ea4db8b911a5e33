/** What claims train, what they read of it, and how they word what they measured. */
import { medianOf } from '#app/sweeps/majority.ts';
import type { Claim, RecordedRun } from '../../experiment.ts';
import { omnigrokParameters, type OmnigrokParameters } from '../parameters.ts';

export type OmnigrokClaim = Claim<OmnigrokParameters>;
export type OmnigrokRun = RecordedRun<OmnigrokParameters>;
export type Changes = Partial<OmnigrokParameters>;

export const paperSource = 'Liu, Michaud, Tegmark 2023 (arXiv 2210.01117)';
/** Numbers that the paper does not print: what its notebooks print, or what repetitions in NumPy gave. */
export const measuredSource = 'ranges: repetitions of the official code in NumPy';

/** Runs with changes, once for each seed 0 .. count - 1, which seeds everything that is random. */
export const seeds = (count: number, changes: Changes): OmnigrokParameters[] =>
  Array.from({ length: count }, (_, seed) =>
    omnigrokParameters.parse({ networkSeed: seed, teacherSeed: seed, dataSeed: seed, batchSeed: seed, ...changes }),
  );

/** Seeds of every claim: what a network does differs from seed to seed, so each is checked on the median. */
export const repetitions = ({ quick }: { readonly quick: boolean }): number => (quick ? 3 : 8);
export const sample = 'eight seeds (quick: three)';
export const inTheMedian = 'median over seeds';

/** From `from` to `to`, evenly in the logarithm, with four digits. */
export const logarithmic = (from: number, to: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => Number((from * (to / from) ** (i / (count - 1))).toPrecision(4)));

/** Runs whose parameters have these values. */
export const having = (runs: readonly OmnigrokRun[], changes: Changes): OmnigrokRun[] =>
  runs.filter(({ parameters }) =>
    Object.entries(changes).every(([name, value]) => JSON.stringify(parameters[name as keyof Changes]) === JSON.stringify(value)),
  );

/** The run of a seed. @throws Error if the plan has none */
export function ofSeed(runs: readonly OmnigrokRun[], seed: number, changes: Changes): OmnigrokRun {
  const found = having(runs, { ...changes, networkSeed: seed })[0];
  if (!found) throw new Error(`no run of seed ${seed} with ${JSON.stringify(changes)}`);
  return found;
}

/** Seeds that a claim's runs have, in order. */
export const seedsIn = (runs: readonly OmnigrokRun[]): number[] =>
  [...new Set(runs.map(({ parameters }) => parameters.networkSeed))].sort((a, b) => a - b);

/** First step at which a series is at least a value; null if never. What was not measured does not count. */
export function firstAtLeast(run: OmnigrokRun, series: string, value: number): number | null {
  const { values } = run.series(series);
  const step = values.findIndex((one) => one >= value);
  return step < 0 ? null : step;
}

/** Value of a series at a step, or the one measured last before it; NaN if there is none. */
export function valueAt(run: OmnigrokRun, series: string, step = Infinity): number {
  const { values, rows } = run.series(series);
  for (let row = Math.min(step, rows - 1); row >= 0; row -= 1) if (!Number.isNaN(values[row])) return values[row];
  return Number.NaN;
}

/** Largest measured value of a series; -Infinity if nothing was measured. */
export const greatest = (run: OmnigrokRun, series: string): number =>
  run.series(series).values.reduce((best, value) => (value > best ? value : best), -Infinity);

/** The middle of what seeds came to, where never is later and greater than anything. NaN for none. */
export const middle = (values: readonly (number | null)[]): number => medianOf(values.map((value) => value ?? Infinity));

export const within = (value: number | null, low: number, high: number): boolean => value !== null && value >= low && value <= high;

/** A number with three significant digits. */
export const three = (value: number | null): string => (value === null ? 'never' : String(Number(value.toPrecision(3))));

/** `median (smallest to largest)`, and how many never did; these count as later and greater than the others. */
export function spread(values: readonly (number | null)[]): string {
  const there = values.filter((value): value is number => value !== null && Number.isFinite(value));
  const never = values.length - there.length;
  if (there.length === 0) return 'never';
  if (values.length === 1) return three(there[0]);
  const centre = middle(values);
  const range = `${three(Math.min(...there))} to ${three(Math.max(...there))}`;
  return `${Number.isFinite(centre) ? three(centre) : 'never'} (${range}${never > 0 ? `, ${never} never` : ''})`;
}
