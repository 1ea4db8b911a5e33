import { median } from '#app/numerics/statistics.ts';

/** What repetitions with other seeds came to. */
export interface Spread {
  readonly low: number;
  readonly median: number;
  readonly high: number;
  /** Repetitions it is made of. */
  readonly count: number;
}

/** Least, middle and greatest of some numbers; those that are not finite count as missing. Null if none is left. */
export function spreadOf(values: readonly number[]): Spread | null {
  const there = values.filter(Number.isFinite);
  if (there.length === 0) return null;
  return { low: Math.min(...there), median: median(there), high: Math.max(...there), count: there.length };
}
