/** Which circles survive, by the rules of the official code and a fallback where the main one cannot work. */
import type { RecordedRun } from '#app/experiments/experiment.ts';

/** Signals of one step. */
export interface SignalRow {
  readonly modulus: number;
  /** s_k, element i for frequency k = i + 1. */
  readonly signals: ArrayLike<number>;
  /** s_0, and s_(p/2) if the modulus is even: bins without a conjugate partner. */
  readonly unpaired: ArrayLike<number>;
}

export type SurvivorRule = 'twice-the-mean' | 'largest-gap';

export interface Survivors {
  /** Surviving frequencies by the rule that applies, increasing. */
  readonly frequencies: readonly number[];
  readonly rule: SurvivorRule;
  /** Why this rule applies, one sentence. */
  readonly reason: string;
  readonly byMean: readonly number[];
  readonly byGap: readonly number[];
  /** s_k > 10, the rule of the gradient study; meant for signals after long training (30,000 steps). */
  readonly aboveTen: readonly number[];
}

/** Below this modulus twice the mean can exceed every signal (with n equal survivors it reports only n < p/4). */
export const smallestModulusForMeanRule = 23;

const increasing = (frequencies: readonly number[]): number[] => [...frequencies].sort((a, b) => a - b);

/** Frequencies by decreasing signal. */
const strongestFirst = (signals: ArrayLike<number>): number[] =>
  Array.from({ length: signals.length }, (_, i) => i + 1).sort((a, b) => signals[b - 1] - signals[a - 1] || a - b);

/** Twice the mean of the signal over all p bins, the conjugate half and the mean F_0 included. */
export function meanThreshold({ modulus, signals, unpaired }: SignalRow): number {
  let sum = 0;
  for (let i = 0; i < signals.length; i += 1) sum += 2 * signals[i];
  for (let i = 0; i < unpaired.length; i += 1) sum += unpaired[i];
  return (2 * sum) / modulus;
}

/** floor(bins above the threshold / 2) strongest conjugate pairs (official code, `get_circle_freqs`). */
export function survivorsByMean(row: SignalRow): number[] {
  const threshold = meanThreshold(row);
  let bins = 0;
  for (let i = 0; i < row.signals.length; i += 1) if (row.signals[i] > threshold) bins += 2;
  for (let i = 0; i < row.unpaired.length; i += 1) if (row.unpaired[i] > threshold) bins += 1;
  const count = Math.floor(bins / 2);
  return count === 0 ? [] : increasing(strongestFirst(row.signals).slice(0, count));
}

/**
 * Everything above the largest ratio between consecutive sorted signals. Signals below a twentieth of the largest count as a
 * twentieth, so that gaps among the dead do not matter; without a gap of at least a factor two nobody has won yet.
 */
export function survivorsByGap(signals: ArrayLike<number>): number[] {
  const order = strongestFirst(signals);
  const floor = signals[order[0] - 1] / 20;
  let [widest, count] = [2, 0];
  for (let place = 1; place < order.length; place += 1) {
    const ratio = signals[order[place - 1] - 1] / Math.max(signals[order[place] - 1], floor);
    if (ratio > widest) [widest, count] = [ratio, place];
  }
  return increasing(order.slice(0, count));
}

/** Survivors of one step by every rule. */
export function survivorsOf(row: SignalRow): Survivors {
  const [byMean, byGap] = [survivorsByMean(row), survivorsByGap(row.signals)];
  const small = row.modulus < smallestModulusForMeanRule;
  return {
    frequencies: small ? byGap : byMean,
    rule: small ? 'largest-gap' : 'twice-the-mean',
    reason: small
      ? `The largest gap decides, because with modulus ${row.modulus} twice the mean can only report fewer than ${row.modulus / 4} circles.`
      : 'Signals above twice the mean of all bins survive, as in the paper.',
    byMean,
    byGap,
    aboveTen: strongestFirst(row.signals)
      .filter((k) => row.signals[k - 1] > 10)
      .sort((a, b) => a - b),
  };
}

/** Recorded signals by step. */
export interface SignalHistory {
  readonly rows: number;
  at(step: number): SignalRow;
}

/** The signals of a run; rows are views, nothing is copied. */
export function signalHistory(run: RecordedRun<{ readonly modulus: number }>): SignalHistory {
  const [signals, unpaired] = [run.series('signals'), run.series('unpaired')];
  return {
    rows: Math.min(signals.rows, unpaired.rows),
    at: (step) => ({
      modulus: run.parameters.modulus,
      signals: signals.values.subarray(step * signals.width, (step + 1) * signals.width),
      unpaired: unpaired.values.subarray(step * unpaired.width, (step + 1) * unpaired.width),
    }),
  };
}

/** Survivors at the last recorded step, or at `step`. Null while nothing is recorded. */
export function survivorsOfRun(run: RecordedRun<{ readonly modulus: number }>, step?: number): Survivors | null {
  const history = signalHistory(run);
  return history.rows === 0 ? null : survivorsOf(history.at(Math.min(step ?? Infinity, history.rows - 1)));
}

/** Step of the last row if a number in it is not finite, which ends a run; null for a sound run. */
export function divergedAt(run: Pick<RecordedRun, 'seriesInfo' | 'series'>): number | null {
  for (const { name } of run.seriesInfo) {
    const { rows, width, values } = run.series(name);
    if (rows > 0 && !values.subarray((rows - 1) * width, rows * width).every(Number.isFinite)) return rows - 1;
  }
  return null;
}

/** Frequencies that survive by the applicable rule, without the others' verdicts. */
const applicable = (row: SignalRow): readonly number[] =>
  row.modulus < smallestModulusForMeanRule ? survivorsByGap(row.signals) : survivorsByMean(row);

/** First step since when the survivors are those of the last row; null if nobody survives. */
export function winnersFixedAt(history: SignalHistory): number | null {
  if (history.rows === 0) return null;
  const final = applicable(history.at(history.rows - 1)).join();
  if (final === '') return null;
  let step = history.rows - 1;
  while (step > 0 && applicable(history.at(step - 1)).join() === final) step -= 1;
  return step;
}

/** Colour slots there are. */
const slots = 8;

/**
 * Colour slot of every frequency, -1 for the dead. Survivors take the lowest free slot when they first stand out and keep it
 * while they survive; since only fixed steps decide, more training never recolours a circle that stays alive.
 */
export function colourSlots(history: SignalHistory): ReadonlyMap<number, number> {
  const held = new Map<number, number>();
  const update = (step: number) => {
    const alive = applicable(history.at(step));
    for (const k of [...held.keys()]) if (!alive.includes(k)) held.delete(k);
    for (const k of alive) if (!held.has(k)) held.set(k, lowestFree(new Set(held.values())));
  };
  let step = 0;
  for (; step < history.rows; step += Math.max(1, Math.floor(step / 50))) update(step);
  if (history.rows > 0) update(history.rows - 1);
  const count = history.rows > 0 ? history.at(0).signals.length : 0;
  return new Map(Array.from({ length: count }, (_, i) => [i + 1, held.has(i + 1) ? held.get(i + 1)! % slots : -1]));
}

function lowestFree(taken: ReadonlySet<number>): number {
  let slot = 0;
  while (taken.has(slot)) slot += 1;
  return slot;
}
