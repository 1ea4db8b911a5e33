import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { LotkaError } from '#app/protocol/errors.ts';
import { SweepId, type SweepRecord } from '#app/protocol/sweep.ts';
import { diskError } from '#main/store/files.ts';
import { sweepTrash, type Store } from '#main/store/store.ts';
import { readResults, readSweep, ResultsFile, sweepPath } from './folder.ts';

/** The sweeps of a store, each in a folder of `sweeps/`; what was deleted lies in `sweeps/.trash/`. */
export class SweepStore {
  readonly #store: Store;
  readonly #root: string;

  constructor(store: Store) {
    this.#store = store;
    this.#root = join(store.root, 'sweeps');
  }

  /**
   * Every sweep of the store. One whose service died while it trained is interrupted, and is written as such; one that cannot be
   * read is failed, with the sentence that says why.
   */
  load(): SweepRecord[] {
    if (!this.#store.readOnly) this.#tidy();
    return this.#ids().map((id) => {
      try {
        return this.#settled(this.read(id));
      } catch (error) {
        if (!(error instanceof LotkaError)) throw error;
        return unreadable(id, error.message);
      }
    });
  }

  /** @throws LotkaError `not-found`, `store-newer` or `store-corrupt` */
  read(id: string): SweepRecord {
    if (!this.#store.guests.sweep(id) && !existsSync(this.#ownFolder(id)))
      throw new LotkaError('not-found', `There is no sweep "${id}" in the store ${this.#store.root}.`);
    const record = readSweep(this.folderOf(id));
    if (record.id !== id)
      throw new LotkaError('store-corrupt', `${sweepPath(this.folderOf(id))} describes the sweep ${record.id}; give the folder that name.`);
    return record;
  }

  /** Where a sweep lies: in the store, or in a file that is open. */
  folderOf(id: string): string {
    const own = this.#ownFolder(id);
    return existsSync(own) ? own : (this.#store.guests.folderOf('sweeps', id) ?? own);
  }

  #ownFolder(id: string): string {
    return join(this.#root, SweepId.parse(id));
  }

  /** Makes the folder of a new sweep. @throws LotkaError `disk-full` and the like */
  create(record: SweepRecord): Promise<void> {
    return this.adopt(record.id, (prepared) => this.#store.files.writeAtomic(sweepPath(prepared), textOf(record)));
  }

  /**
   * Takes in a sweep whose files `write` puts into a folder. It appears complete or not at all.
   * @throws LotkaError `disk-full` and the like
   */
  async adopt(id: string, write: (folder: string) => Promise<void>): Promise<void> {
    const folder = this.#ownFolder(id);
    const prepared = join(this.#root, `.new-${id}`);
    try {
      mkdirSync(prepared, { recursive: true });
      await write(prepared);
      renameSync(prepared, folder);
    } catch (error) {
      rmSync(prepared, { recursive: true, force: true });
      throw diskError(error, folder);
    }
  }

  save(record: SweepRecord): Promise<void> {
    return this.#store.files.writeAtomic(sweepPath(this.#ownFolder(record.id)), textOf(record));
  }

  results(id: string): ReturnType<typeof readResults> {
    return readResults(this.folderOf(id));
  }

  openResults(id: string): ResultsFile {
    return new ResultsFile(this.#ownFolder(id), this.#store.files);
  }

  /** Moves a sweep to the trash. */
  delete(id: string): void {
    mkdirSync(join(this.#store.root, sweepTrash), { recursive: true });
    renameSync(this.#ownFolder(id), this.#trashed(id));
  }

  /** Brings a sweep back from the trash. @throws LotkaError `not-found` */
  restore(id: string): SweepRecord {
    if (!existsSync(this.#trashed(id))) throw new LotkaError('not-found', `There is no sweep "${id}" in the trash of ${this.#store.root}.`);
    renameSync(this.#trashed(id), this.#ownFolder(id));
    return this.#settled(this.read(id));
  }

  /** Removes what a process that was killed left half made. */
  #tidy(): void {
    if (!existsSync(this.#root)) return;
    for (const name of readdirSync(this.#root))
      if (name.startsWith('.new-')) rmSync(join(this.#root, name), { recursive: true, force: true });
    for (const id of this.#ids())
      for (const name of readdirSync(this.#ownFolder(id)))
        if (name.startsWith('sweep.json.') && name.endsWith('.tmp')) rmSync(join(this.#ownFolder(id), name), { force: true });
  }

  #trashed(id: string): string {
    return join(this.#store.root, sweepTrash, SweepId.parse(id));
  }

  #ids(): string[] {
    if (!statSync(this.#root, { throwIfNoEntry: false })?.isDirectory()) return [];
    return readdirSync(this.#root, { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && SweepId.safeParse(entry.name).success)
      .map((entry) => entry.name);
  }

  #settled(record: SweepRecord): SweepRecord {
    if ((record.status !== 'running' && record.status !== 'planned') || !this.#store.abandoned) return record;
    const settled: SweepRecord = {
      ...counted(record, this.results(record.id).values()),
      status: 'interrupted',
      message: interruptedMessage,
    };
    // A full disk keeps an old status in a file, but must not keep the store shut.
    if (!this.#store.readOnly) this.save(settled).catch(() => undefined);
    return settled;
  }
}

const interruptedMessage = 'Lotka ended while this sweep was training; resume trains what is missing.';

/** A record with the counts that results have. */
export function counted(record: SweepRecord, results: Iterable<{ state: string; seconds: number }>): SweepRecord {
  let [done, diverged, failed, trainingSeconds] = [0, 0, 0, 0];
  for (const { state, seconds } of results) {
    done++;
    if (state === 'diverged') diverged++;
    if (state === 'failed') failed++;
    trainingSeconds += seconds;
  }
  return { ...record, done, diverged, failed, trainingSeconds };
}

/** Whether a record stands for a sweep that cannot be read. */
export const isUnreadable = (record: SweepRecord): boolean => record.created === '';

const textOf = (record: SweepRecord): string => `${JSON.stringify(record, null, 2)}\n`;

/** Stands in a list for a sweep that cannot be read. */
function unreadable(id: string, message: string): SweepRecord {
  return {
    format: 1,
    id,
    definition: {
      name: id,
      experiment: '',
      preset: null,
      parameters: {},
      backend: 'wasm',
      axes: [],
      sampling: { kind: 'grid' },
      seeds: { parameters: [], first: 0, count: 0 },
      keep: 'outcomes',
    },
    added: [],
    place: { kind: 'local' },
    status: 'failed',
    message,
    planned: 0,
    done: 0,
    diverged: 0,
    failed: 0,
    trainingSeconds: 0,
    created: '',
    lotka: '',
    engine: '',
  };
}
