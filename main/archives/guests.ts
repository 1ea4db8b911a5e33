/** Files of runs that are open: they are read where they lie, and nothing of theirs is in the store. */
import { statSync } from 'node:fs';
import { basename } from 'node:path';
import { contentsOf, manifestName, readManifest, type Manifest } from '#app/archives/layout.ts';
import type { RunRecord } from '#app/protocol/run.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepRecord } from '#app/protocol/sweep.ts';
import { isOver } from '#app/runs/record.ts';
import { insideOf, partsOf, readPart } from '#main/store/parts.ts';
import { readRecord } from '#main/store/run-folder.ts';
import { readSweep } from '#main/sweeps/folder.ts';

export interface Guest {
  readonly id: string;
  readonly path: string;
  /** Its name without folders. */
  readonly file: string;
  readonly bytes: number;
  readonly manifest: Manifest;
  readonly runs: readonly RunRecord[];
  readonly sweeps: readonly SweepRecord[];
  readonly datasets: readonly string[];
  /** A sentence for each run or sweep in it that cannot be read. */
  readonly unreadable: readonly string[];
}

/** The files that are open, newest first. */
export class Guests {
  readonly #open = new Map<string, Guest>();
  #count = 0;

  /**
   * Opens a file, or finds it among those that are open if it has not changed.
   * @throws LotkaError `not-found`, `unavailable`, `store-newer`, or `bad-input` if it is no such file or a damaged one
   */
  open(path: string): Guest {
    const known = [...this.#open.values()].find((guest) => guest.path === path);
    const guest = readGuest(path, known?.id ?? `file-${this.#count + 1}`);
    if (!known) this.#count++;
    this.#open.delete(guest.id);
    this.#open.set(guest.id, guest);
    return guest;
  }

  list(): Guest[] {
    return [...this.#open.values()].reverse();
  }

  /** @throws LotkaError `not-found` */
  get(id: string): Guest {
    const guest = this.#open.get(id);
    if (!guest) throw new LotkaError('not-found', 'This file is no longer open; open it again.');
    return guest;
  }

  close(id: string): void {
    this.#open.delete(id);
  }

  run(id: string): RunRecord | null {
    return this.#holderOf('runs', id)?.runs.find((record) => record.id === id) ?? null;
  }

  sweep(id: string): SweepRecord | null {
    return this.#holderOf('sweeps', id)?.sweeps.find((record) => record.id === id) ?? null;
  }

  /** Where a run or sweep of an open file lies; null if it is in none. */
  folderOf(kind: 'runs' | 'sweeps', id: string): string | null {
    const holder = this.#holderOf(kind, id);
    return holder && insideOf(holder.path, `${kind}/${id}`);
  }

  #holderOf(kind: 'runs' | 'sweeps', id: string): Guest | null {
    return this.list().find((guest) => guest[kind].some((record) => record.id === id)) ?? null;
  }
}

/** @throws LotkaError `conflict`: what lies in a file is looked at, and nothing else */
export function requireOwn(record: { readonly id: string; readonly file?: string }): void {
  if (record.file !== undefined)
    throw new LotkaError('conflict', `${record.id} lies in "${record.file}", which is only read; keep a copy of it first.`);
}

function readGuest(path: string, id: string): Guest {
  const file = basename(path);
  const parts = partsOf(path);
  const manifest = readPart(insideOf(path, manifestName));
  if (!manifest) throw new LotkaError('bad-input', `"${file}" is no .lotka file: it does not say what it holds.`);
  const contents = contentsOf(parts.keys(), file);
  const unreadable: string[] = [];
  const readable = <T extends { id: string }>(kind: 'runs' | 'sweeps', ids: readonly string[], read: (folder: string) => T): T[] =>
    ids.flatMap((one) => {
      try {
        const record = read(insideOf(path, `${kind}/${one}`));
        if (record.id === one) return [record];
        throw new LotkaError('store-corrupt', `What lies in "${file}" as ${one} is ${record.id}.`);
      } catch (error) {
        if (!(error instanceof LotkaError)) throw error;
        unreadable.push(error.message);
        return [];
      }
    });
  return {
    id,
    path,
    file,
    bytes: statSync(path).size,
    manifest: readManifest(new TextDecoder().decode(manifest), file),
    runs: readable('runs', contents.runs, readRecord).map((record) => ({ ...settledRun(record), file })),
    sweeps: readable('sweeps', contents.sweeps, readSweep).map((record) => ({ ...settledSweep(record), file })),
    datasets: contents.datasets,
    unreadable,
  };
}

/** Nothing in a file trains, whatever it was doing when it was written. */
const settledRun = (record: RunRecord): RunRecord => (isOver(record.status) ? record : { ...record, status: 'stopped' });
const settledSweep = (record: SweepRecord): SweepRecord =>
  record.status === 'running' || record.status === 'planned' ? { ...record, status: 'paused' } : record;
