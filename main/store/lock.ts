import { closeSync, constants, copyFileSync, linkSync, openSync, readFileSync, renameSync, rmSync, writeSync } from 'node:fs';
import { LotkaError } from '#app/protocol/errors.ts';

interface Owner {
  readonly pid: number;
  /** When the process began, as the system counts it: tells a process from a later one with the same number. */
  readonly began: string | null;
}

/** Start time of a process in the system's own unit, or null where it does not tell (then the pid alone decides). */
function processBegan(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field may contain spaces and brackets; the 22nd is the start time.
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
}

function isAlive(owner: Owner): boolean {
  try {
    process.kill(owner.pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return false;
  }
  const began = processBegan(owner.pid);
  return began === null || owner.began === null || began === owner.began;
}

function readOwner(path: string): { text: string; owner: Owner | null } | null {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    return null;
  }
  try {
    const value = JSON.parse(text) as Partial<Owner>;
    return { text, owner: typeof value.pid === 'number' ? { pid: value.pid, began: value.began ?? null } : null };
  } catch {
    return { text, owner: null };
  }
}

/** The process that holds a lock, or null if none does that is alive. */
export function lockHolder(path: string): number | null {
  const owner = readOwner(path)?.owner;
  return owner && isAlive(owner) ? owner.pid : null;
}

/**
 * Takes the store's lock; a lock whose process is gone is taken over.
 * @returns A function that gives the lock back.
 * @throws LotkaError `store-locked` naming the process that holds it.
 */
export function takeLock(path: string, store: string): () => void {
  const mine = JSON.stringify({ pid: process.pid, began: processBegan(process.pid) });
  for (let attempt = 0; attempt < 20; attempt++) {
    // Written aside and linked into place, so that nobody ever reads a lock without its owner.
    const prepared = `${path}.${process.pid}`;
    const file = openSync(prepared, 'w');
    writeSync(file, mine);
    closeSync(file);
    try {
      place(prepared, path);
      return () => {
        if (readOwner(path)?.text === mine) rmSync(path, { force: true });
      };
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    } finally {
      rmSync(prepared, { force: true });
    }
    const found = readOwner(path);
    if (!found) continue;
    if (found.owner && isAlive(found.owner)) {
      throw new LotkaError(
        'store-locked',
        `Another Lotka (process ${found.owner.pid}) is using the store ${store}; close it first, or choose another store with LOTKA_STORE.`,
      );
    }
    takeAside(path, found.text);
  }
  throw new LotkaError('store-locked', `The store ${store} is being opened by another Lotka; try again.`);
}

/** Puts a file where none is. @throws EEXIST if there is one. */
function place(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // File systems without hard links (exFAT, some network shares).
    copyFileSync(from, to, constants.COPYFILE_EXCL);
  }
}

/** Removes a dead owner's lock. If somebody else replaced it meanwhile, theirs is put back. */
function takeAside(path: string, stale: string): void {
  const aside = `${path}.${process.pid}.stale`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  if (readOwner(aside)?.text !== stale) {
    try {
      place(aside, path);
    } catch {
      // A third one holds it by now: the next attempt meets it.
    }
  }
  rmSync(aside, { force: true });
}
