import type { RunRecord } from '#app/protocol/contract.ts';
import { follow } from '#renderer/connect/follow.ts';
import type { Service } from '#renderer/connect/service.ts';

const listLimit = 2000;

/** All runs of the store, newest first, kept current by the service's stream of changes. */
export class Runs {
  list = $state.raw<readonly RunRecord[]>([]);
  total = $state(0);
  loaded = $state(false);
  /** Forks are listed under the run that they were forked from. */
  byLineage = $state(false);
  trouble = $state<string | null>(null);
  readonly #service: Service;
  readonly #listeners = new Set<(record: RunRecord) => void>();
  readonly #removalListeners = new Set<(run: string) => void>();

  constructor(service: Service) {
    this.#service = service;
  }

  /** Loads the list and follows it until `signal` aborts; after a lost wire everything is read anew. */
  async follow(signal: AbortSignal): Promise<void> {
    try {
      await follow(
        this.#service,
        'runs.changes',
        () => {
          // Subscribe first, then read: what changes in between arrives by the stream.
          void this.reload();
          return {};
        },
        ({ kind, run, record }) => {
          if (kind === 'removed') this.#remove(run);
          else if (record) this.#put(record);
        },
        signal,
      );
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  async reload(): Promise<void> {
    try {
      const { runs, total } = await this.#service.call('runs.list', { limit: listLimit });
      this.list = [...runs].sort(newestFirst);
      this.total = total;
      this.trouble = null;
      for (const record of runs) for (const listener of this.#listeners) listener(record);
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    } finally {
      this.loaded = true;
    }
  }

  byId(id: string): RunRecord | undefined {
    return this.list.find((record) => record.id === id);
  }

  onRecord(listener: (record: RunRecord) => void): void {
    this.#listeners.add(listener);
  }

  onRemoved(listener: (run: string) => void): void {
    this.#removalListeners.add(listener);
  }

  #put(record: RunRecord): void {
    const known = this.list.findIndex((held) => held.id === record.id);
    if (known >= 0) this.list = this.list.with(known, record);
    else {
      this.list = [record, ...this.list].sort(newestFirst);
      this.total++;
    }
    for (const listener of this.#listeners) listener(record);
  }

  #remove(id: string): void {
    for (const listener of this.#removalListeners) listener(id);
    if (!this.byId(id)) return;
    this.list = this.list.filter((record) => record.id !== id);
    this.total--;
  }
}

const newestFirst = (a: RunRecord, b: RunRecord) => b.provenance.created.localeCompare(a.provenance.created) || b.id.localeCompare(a.id);

/** Runs of which every word of `search` occurs in name, id, experiment, preset or status. */
export function searchRuns(runs: readonly RunRecord[], search: string): readonly RunRecord[] {
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  if (words.length === 0) return runs;
  return runs.filter((run) => {
    const text = `${run.name} ${run.id} ${run.experiment} ${run.preset ?? ''} ${run.status}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
}
