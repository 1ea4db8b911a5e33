import type { SweepRecord } from '#app/protocol/sweep.ts';
import { follow } from '#renderer/connect/follow.ts';
import type { Service } from '#renderer/connect/service.ts';
import type { Toasts } from './toasts.svelte.ts';

type SweepCall = 'sweeps.pause' | 'sweeps.resume' | 'sweeps.retry';

/** All sweeps of the store, newest first, kept current by the service's stream of changes. */
export class Sweeps {
  list = $state.raw<readonly SweepRecord[]>([]);
  loaded = $state(false);
  trouble = $state<string | null>(null);
  /** Row chosen in the list, and the one whose name is being edited. */
  picked = $state<string | null>(null);
  renaming = $state<string | null>(null);
  readonly #service: Service;
  readonly #toasts: Toasts;
  readonly #listeners = new Set<(record: SweepRecord) => void>();

  constructor(service: Service, toasts: Toasts) {
    this.#service = service;
    this.#toasts = toasts;
  }

  /** Loads the list and follows it until `signal` aborts; after a lost wire everything is read anew. */
  async follow(signal: AbortSignal): Promise<void> {
    try {
      await follow(
        this.#service,
        'sweeps.changes',
        () => {
          // Subscribe first, then read: what changes in between arrives by the stream.
          void this.reload();
          return {};
        },
        ({ kind, sweep, record }) => {
          if (kind === 'removed') this.list = this.list.filter(({ id }) => id !== sweep);
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
      const { sweeps } = await this.#service.call('sweeps.list', {});
      this.list = [...sweeps].sort(newestFirst);
      this.trouble = null;
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    } finally {
      this.loaded = true;
    }
  }

  byId(id: string): SweepRecord | undefined {
    return this.list.find((record) => record.id === id);
  }

  onRecord(listener: (record: SweepRecord) => void): void {
    this.#listeners.add(listener);
  }

  /** Asks the service for one of the simple things that can be done with a sweep; trouble becomes a message. */
  async ask(name: SweepCall, sweep: string): Promise<void> {
    await this.#try(() => this.#service.call(name, { sweep }));
  }

  async rename(sweep: string, name: string): Promise<void> {
    const wanted = name.trim();
    if (!wanted || wanted === this.byId(sweep)?.definition.name) return;
    await this.#try(() => this.#service.call('sweeps.rename', { sweep, name: wanted }));
  }

  /** Moves a sweep to the trash and offers to bring it back. @returns whether it is there now */
  async remove({ id, definition }: SweepRecord): Promise<boolean> {
    const removed = await this.#try(() => this.#service.call('sweeps.delete', { sweep: id }));
    if (!removed) return false;
    const restore = () => void this.#try(() => this.#service.call('sweeps.restore', { sweep: id }));
    this.#toasts.show(`Deleted "${definition.name}".`, { action: { label: 'Undo', perform: restore } });
    return true;
  }

  async #try(work: () => Promise<unknown>): Promise<boolean> {
    try {
      await work();
      return true;
    } catch (error) {
      this.#toasts.fail(error);
      return false;
    }
  }

  #put(record: SweepRecord): void {
    const known = this.list.findIndex(({ id }) => id === record.id);
    this.list = known >= 0 ? this.list.with(known, record) : [record, ...this.list].sort(newestFirst);
    for (const listener of this.#listeners) listener(record);
  }
}

const newestFirst = (a: SweepRecord, b: SweepRecord) => b.created.localeCompare(a.created) || b.id.localeCompare(a.id);

/** Whether trials of it are being trained, or wait for it. */
export const isTraining = ({ status }: Pick<SweepRecord, 'status'>): boolean => status === 'running' || status === 'planned';
/** Whether it can be made to go on. */
export const canResume = ({ status }: Pick<SweepRecord, 'status'>): boolean =>
  status === 'paused' || status === 'interrupted' || status === 'failed';
