import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { ClaimResult, RunId, type RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { lastStep } from '#app/runs/record.ts';
import { diskError, diskFiles, withSentences, type Files } from './files.ts';
import { Guests, requireOwn } from '#main/archives/guests.ts';
import { FolderRun } from './folder-run.ts';
import { lockHolder, takeLock } from './lock.ts';
import { checkpointSteps, commonRows, readRecord, readRecording, recordingPath, recordPath, type Recording } from './run-folder.ts';
import { RunIndex, type RunQuery } from './run-index.ts';
import { RunWriter } from './run-writer.ts';

export const storeFormat = 1;

/** Where sweeps are that were deleted. */
export const sweepTrash = join('sweeps', '.trash');
/** The same for imported datasets. */
export const datasetTrash = join('datasets', '.trash');

export interface StoreOptions {
  /** Reads only: needs no lock, changes nothing, sees what others write at the moment it opens. */
  readonly readOnly?: boolean;
  readonly files?: Files;
}

const Settings = z.record(z.string(), z.json());
export type Settings = z.infer<typeof Settings>;

/** All runs, in one folder: `runs/`, `trash/`, `claims/`, `store.json`, `settings.json`, and the index. */
export class Store {
  readonly root: string;
  readonly files: Files;
  readonly readOnly: boolean;
  /** Files that are open beside the store; what is in the store goes before what is in them. */
  readonly guests = new Guests();
  private readonly index: RunIndex;
  private readonly unlock: () => void;
  /** Nobody trains the runs and sweeps that say they train. */
  readonly abandoned: boolean;

  private constructor(root: string, files: Files, readOnly: boolean, index: RunIndex, unlock: () => void) {
    this.root = root;
    this.files = files;
    this.readOnly = readOnly;
    this.index = index;
    this.unlock = unlock;
    this.abandoned = !readOnly || lockHolder(join(root, 'lock')) === null;
  }

  /**
   * Opens the store in a folder, made if it is not there. Runs that somebody left unfinished become `interrupted`.
   * @throws LotkaError `store-newer`, `store-corrupt`, `store-locked`, `disk-full` or `unavailable`, one sentence each.
   */
  static open(root: string, options: StoreOptions = {}): Store {
    const readOnly = options.readOnly ?? false;
    const files = withSentences(options.files ?? diskFiles);
    const fresh = checkFormat(root);
    if (!readOnly) makeFolders(root);
    if (!readOnly && fresh) writeJsonNow(join(root, 'store.json'), { format: storeFormat });
    let unlock = (): void => undefined;
    try {
      if (!readOnly) unlock = takeLock(join(root, 'lock'), root);
      const store = new Store(root, files, readOnly, RunIndex.open(readOnly ? null : join(root, 'index.db')), unlock);
      store.synchronise();
      return store;
    } catch (error) {
      unlock();
      throw diskError(error, join(root, 'index.db'));
    }
  }

  /** Where a run lies: in the store, or in a file that is open. */
  folderOf(id: string): string {
    const own = this.ownFolder(id);
    return this.index.get(id) ? own : (this.guests.folderOf('runs', id) ?? own);
  }

  list(query: RunQuery): { runs: RunRecord[]; total: number } {
    return this.index.list(query);
  }

  /** @throws LotkaError `not-found`. */
  get(id: string): RunRecord {
    const record = this.index.get(id) ?? this.guests.run(id);
    if (!record) throw new LotkaError('not-found', `There is no run "${id}" in the store ${this.root}.`);
    return record;
  }

  /** The same for somebody who will change the run. @throws LotkaError `conflict` if it lies in a file, `store-corrupt` if it cannot be read. */
  getWhole(id: string): RunRecord {
    const record = this.get(id);
    requireOwn(record);
    recordIn(this.ownFolder(id), id);
    return record;
  }

  /** @throws LotkaError `not-found` or `store-corrupt`. */
  recording(id: string): Recording {
    this.get(id);
    return readRecording(this.folderOf(id));
  }

  /** The run as recorded so far. @throws LotkaError `not-found` or `store-corrupt`. */
  open(id: string): FolderRun {
    const record = this.get(id);
    const folder = this.folderOf(id);
    recordIn(folder, id);
    return new FolderRun(folder, record);
  }

  /**
   * Makes the folder of a new run and the writer for it. The folder appears complete or not at all.
   * @throws LotkaError `conflict` if the id is taken, `disk-full` and the like.
   */
  async create(record: RunRecord, recording: Recording): Promise<RunWriter> {
    const folder = await this.place(record.id, async (prepared) => {
      await this.files.writeAtomic(recordingPath(prepared), `${JSON.stringify(recording, null, 2)}\n`);
      await this.files.writeAtomic(recordPath(prepared), `${JSON.stringify(record, null, 2)}\n`);
    });
    this.index.put(record, modifiedAt(recordPath(folder)));
    return new RunWriter(folder, recording, this.files);
  }

  /**
   * Takes in a run whose files `write` puts into a folder. It appears complete or not at all.
   * @throws LotkaError `conflict` if the id is taken, `disk-full` and the like.
   */
  async adopt(id: string, write: (folder: string) => Promise<void>): Promise<void> {
    await this.place(id, write);
    this.read(id);
  }

  private async place(id: string, write: (folder: string) => Promise<void>): Promise<string> {
    const folder = this.ownFolder(id);
    if (existsSync(folder)) throw new LotkaError('conflict', `There is a run "${id}" already.`);
    const prepared = join(this.root, 'runs', `.new-${id}`);
    try {
      for (const part of ['series', 'frames', 'checkpoints']) mkdirSync(join(prepared, part), { recursive: true });
      await write(prepared);
      renameSync(prepared, folder);
    } catch (error) {
      rmSync(prepared, { recursive: true, force: true });
      throw diskError(error, folder);
    }
    return folder;
  }

  /**
   * A writer that goes on after a state of which `rows` rows are kept.
   * @param step Frames and checkpoints after it are dropped: they come again with the same bits.
   */
  async reopen(id: string, rows: number, step: number): Promise<RunWriter> {
    const folder = this.ownFolder(id);
    const writer = new RunWriter(folder, readRecording(folder), this.files);
    await writer.truncateTo(rows, step);
    return writer;
  }

  /** Writes `run.json`, then the index. */
  async save(record: RunRecord, writer?: RunWriter): Promise<void> {
    const path = recordPath(this.ownFolder(record.id));
    if (writer) await writer.writeRecord(record);
    else await this.files.writeAtomic(path, `${JSON.stringify(record, null, 2)}\n`);
    this.index.put(record, modifiedAt(path));
  }

  /** Moves a run to the trash. */
  delete(id: string): void {
    requireOwn(this.get(id));
    renameSync(this.ownFolder(id), join(this.root, 'trash', id));
    this.index.remove(id);
  }

  /** Deletes the folder of a run for good, if there is one. */
  remove(id: string): void {
    rmSync(this.ownFolder(id), { recursive: true, force: true });
    this.index.remove(id);
  }

  /** Brings a run back from the trash. @throws LotkaError `not-found`. */
  restore(id: string): RunRecord {
    const trashed = join(this.root, 'trash', RunId.parse(id));
    if (!existsSync(trashed)) throw new LotkaError('not-found', `There is no run "${id}" in the trash of ${this.root}.`);
    renameSync(trashed, this.ownFolder(id));
    this.read(id);
    return this.get(id);
  }

  /** What lies in the trash: runs, sweeps, datasets, and bytes they take. */
  trash(): { runs: number; sweeps: number; datasets: number; bytes: number } {
    const counts = { runs: this.trashed('trash'), sweeps: this.trashed(sweepTrash), datasets: this.trashed(datasetTrash) };
    const bytes = Object.values(counts)
      .flat()
      .reduce((sum, folder) => sum + bytesOf(folder), 0);
    return { runs: counts.runs.length, sweeps: counts.sweeps.length, datasets: counts.datasets.length, bytes };
  }

  /** Deletes for good what lies in the trash. @returns the runs that are gone @throws LotkaError if a file cannot be deleted */
  emptyTrash(): string[] {
    const ids = runFolders(this.root, 'trash');
    for (const folder of ['trash', sweepTrash, datasetTrash].flatMap((part) => this.trashed(part))) {
      try {
        rmSync(folder, { recursive: true });
      } catch (error) {
        throw diskError(error, folder);
      }
    }
    return ids;
  }

  claims(experiment: string): ClaimResult[] {
    try {
      return z.array(ClaimResult).parse(JSON.parse(readFileSync(this.claimsPath(experiment), 'utf8')));
    } catch {
      // Results can be had again by checking the claims: a missing or damaged file is none.
      return [];
    }
  }

  async saveClaims(experiment: string, results: readonly ClaimResult[]): Promise<void> {
    await this.files.writeAtomic(this.claimsPath(experiment), `${JSON.stringify(results, null, 2)}\n`);
  }

  settings(): Settings {
    try {
      return Settings.parse(JSON.parse(readFileSync(join(this.root, 'settings.json'), 'utf8')));
    } catch {
      // Unreadable settings are as none: everything has a default.
      return {};
    }
  }

  async saveSettings(settings: Settings): Promise<void> {
    await this.files.writeAtomic(join(this.root, 'settings.json'), `${JSON.stringify(settings, null, 2)}\n`);
  }

  close(): void {
    this.index.close();
    this.unlock();
  }

  /** Folders of what lies in a part of the trash. */
  private trashed(part: string): string[] {
    return runFolders(this.root, part).map((id) => join(this.root, part, id));
  }

  private claimsPath(experiment: string): string {
    return join(this.root, 'claims', `${experiment.replace(/[^a-z0-9-]/g, '_')}.json`);
  }

  /** Makes the index say what the folders say. */
  private synchronise(): void {
    const known = this.index.known();
    this.index.together(() => {
      for (const id of runFolders(this.root)) {
        const unchanged = known.get(id) === modifiedAt(recordPath(this.ownFolder(id))) && !isLive(this.index.get(id));
        known.delete(id);
        if (!unchanged) this.read(id);
      }
      for (const id of known.keys()) this.index.remove(id);
    });
  }

  private ownFolder(id: string): string {
    return join(this.root, 'runs', RunId.parse(id));
  }

  /** A full disk keeps an old status in a file, but must not keep the store shut. */
  private tryWrite(path: string, record: RunRecord): void {
    try {
      writeJsonNow(path, record);
    } catch (error) {
      if (!(error instanceof LotkaError)) throw error;
    }
  }

  private read(id: string): void {
    const folder = this.ownFolder(id);
    const path = recordPath(folder);
    try {
      const record = recordIn(folder, id);
      const settled = isLive(record) && this.abandoned ? interrupted(record, folder) : record;
      if (settled !== record && !this.readOnly) this.tryWrite(path, settled);
      this.index.put(settled, modifiedAt(path));
    } catch (error) {
      if (!(error instanceof LotkaError)) throw error;
      this.index.put(unreadable(id, error.message), modifiedAt(path));
    }
  }
}

/** The record in a folder. @throws LotkaError `store-corrupt` if it cannot be read or is another's */
function recordIn(folder: string, id: string): RunRecord {
  const record = readRecord(folder);
  if (record.id !== id)
    throw new LotkaError('store-corrupt', `${recordPath(folder)} describes the run ${record.id}; give the folder that name.`);
  return record;
}

const isLive = (record: RunRecord | null): boolean => record?.status === 'running' || record?.status === 'queued';

function interrupted(record: RunRecord, folder: string): RunRecord {
  const rows = commonRows(folder, readRecording(folder));
  const from = checkpointSteps(folder, rows).at(-1) ?? 0;
  return {
    ...record,
    status: 'interrupted',
    step: lastStep(rows),
    message: `Lotka ended while this run was training; resume goes on from step ${from}.`,
  };
}

/** Whether a record stands for a run that cannot be read. */
export const isUnreadable = (record: RunRecord): boolean => record.provenance.created === '';

/** Stands in a list for a run that cannot be read. */
function unreadable(id: string, message: string): RunRecord {
  return {
    format: 1,
    id,
    name: id,
    experiment: id.split('-')[0] ?? '',
    preset: null,
    parameters: {},
    status: 'failed',
    message,
    step: 0,
    steps: 0,
    seconds: 0,
    headline: {},
    forkedFrom: null,
    provenance: { lotka: '', engine: '', backend: '', precision: 'f64', machine: '', created: '' },
  };
}

function makeFolders(root: string): void {
  try {
    for (const part of ['runs', 'trash', 'claims']) makeFolder(join(root, part));
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOTDIR' || code === 'EEXIST') throw notAFolder(root, error);
    if (code === 'ENOENT') {
      throw new LotkaError('unavailable', `No folder can be made at ${root}; choose another store with LOTKA_STORE.`, { cause: error });
    }
    throw diskError(error, join(root, 'runs'));
  }
}

/** Like `mkdir -p`. Node's own never returns where a file system answers ENOENT for a folder that is there (/proc). */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  if (dirname(path) !== path) makeFolder(dirname(path));
  mkdirSync(path);
}

const notAFolder = (root: string, cause: unknown): LotkaError =>
  new LotkaError(
    'store-corrupt',
    `The store should be a folder, but ${root} or something in its path is a file; move it away or choose another store with LOTKA_STORE.`,
    { cause },
  );

/** @returns True if there is no store yet. @throws LotkaError if there is one that this Lotka cannot use. */
function checkFormat(root: string): boolean {
  const path = join(root, 'store.json');
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return true;
    if (code === 'ENOTDIR') throw notAFolder(root, error);
    throw diskError(error, path);
  }
  let format: unknown;
  try {
    format = (JSON.parse(text) as { format?: unknown } | null)?.format;
  } catch {
    format = undefined;
  }
  if (typeof format !== 'number') {
    throw new LotkaError(
      'store-corrupt',
      `${path} is damaged; move it away and Lotka writes a new one, the runs beside it are not touched.`,
    );
  }
  if (format > storeFormat) {
    throw new LotkaError(
      'store-newer',
      `The store ${root} was written by a newer Lotka (format ${format}, this one knows ${storeFormat}); update Lotka, or choose another store with LOTKA_STORE.`,
    );
  }
  return false;
}

function writeJsonNow(path: string, value: unknown): void {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    const file = openSync(temporary, 'w');
    writeSync(file, `${JSON.stringify(value, null, 2)}\n`);
    fsyncSync(file);
    closeSync(file);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw diskError(error, path);
  }
}

/** Bytes of the files in a folder; what vanishes meanwhile counts nothing. */
const bytesOf = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + (statSync(join(folder, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );

function runFolders(root: string, part = 'runs'): string[] {
  try {
    return readdirSync(join(root, part), { withFileTypes: true })
      .filter((entry) => entry.isDirectory() && RunId.safeParse(entry.name).success)
      .map((entry) => entry.name);
  } catch {
    return [];
  }
}

/** Milliseconds; 0 if the file is missing. */
function modifiedAt(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
