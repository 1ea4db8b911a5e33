import type { TrialResult } from '#app/protocol/sweep.ts';

export interface Majority {
  readonly id: string;
  /** Share of the results that say so. */
  readonly share: number;
  /** True if another was as frequent. */
  readonly tied: boolean;
}

/** The most frequent of some ids; of equally frequent ones the first in `order`. Null if there is none. */
export function majorityOf(ids: readonly string[], order: readonly string[]): Majority | null {
  if (ids.length === 0) return null;
  const counts = new Map<string, number>();
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  const rank = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  const [[id, count], ...others] = [...counts].sort(([a, m], [b, n]) => n - m || rank(a) - rank(b) || (a < b ? -1 : 1));
  return { id, share: count / ids.length, tied: others.some(([, other]) => other === count) };
}

/** The middle of some numbers; the mean of the two middle ones of an even count. NaN for none. */
export function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
}

/**
 * What the seeds of a point came to: the majority of a phase, the median of a number, null if no result has a value.
 * Failed trials are no results.
 */
export function outcomeOver(results: readonly TrialResult[], outcome: string, order: readonly string[]): number | string | null {
  const values = results.filter(({ state }) => state !== 'failed').map(({ outcomes }) => outcomes[outcome] ?? null);
  const texts = values.filter((value): value is string => typeof value === 'string');
  if (texts.length > 0) return majorityOf(texts, order)!.id;
  const numbers = values.filter((value): value is number => typeof value === 'number');
  return numbers.length > 0 ? medianOf(numbers) : null;
}
