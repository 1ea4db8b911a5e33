import type { SweepWorker } from '#app/protocol/sweep.ts';

/** Time over which the rate of a worker is taken. */
const windowMilliseconds = 120_000;
/** A rate over less time than this says nothing. */
const leastMilliseconds = 1000;

interface Entry {
  trials: number;
  failures: number;
  readonly since: number;
  recent: { readonly time: number; readonly trials: number }[];
}

/** Counts what workers did. Times are milliseconds of one clock. */
export class WorkerTally {
  readonly #workers = new Map<string, Entry>();

  /** A worker is there, though it may have done nothing yet. */
  seen(worker: string, now: number): void {
    if (!this.#workers.has(worker)) this.#workers.set(worker, { trials: 0, failures: 0, since: now, recent: [] });
  }

  /** It has trained so many, of which some failed. */
  add(worker: string, trials: number, failures: number, now: number): void {
    this.seen(worker, now);
    const entry = this.#workers.get(worker)!;
    entry.trials += trials;
    entry.failures += failures;
    entry.recent.push({ time: now, trials });
  }

  /** All workers that were seen, in the order of their names. */
  list(stateOf: (worker: string) => SweepWorker['state'], now: number): SweepWorker[] {
    return [...this.#workers]
      .sort(([a], [b]) => a.localeCompare(b, 'en', { numeric: true }))
      .map(([name, entry]) => {
        entry.recent = entry.recent.filter(({ time }) => now - time <= windowMilliseconds);
        const elapsed = Math.max(leastMilliseconds, Math.min(windowMilliseconds, now - entry.since));
        const recent = entry.recent.reduce((sum, { trials }) => sum + trials, 0);
        return { name, state: stateOf(name), trials: entry.trials, failures: entry.failures, perMinute: (60_000 * recent) / elapsed };
      });
  }
}
