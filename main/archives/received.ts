/** Files of runs that a page sends, where no path leads to them: they lie in a folder of their own while they are open. */
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { LotkaError } from '#app/protocol/errors.ts';
import { diskError } from '#main/store/files.ts';

interface Received {
  readonly file: string;
  readonly folder: string;
  readonly path: string;
  readonly length: number;
  readonly descriptor: number;
  received: number;
}

/** Files that are on their way, and those that have arrived. */
export class ReceivedFiles {
  readonly #coming = new Map<string, Received>();
  /** Folders of files that have arrived, by path. */
  readonly #folders = new Map<string, string>();
  #count = 0;

  /** @throws LotkaError `disk-full` and the like */
  begin(name: string, length: number): string {
    const id = `received-${++this.#count}`;
    const bare = basename(name.replaceAll('\\', '/'));
    const file = /^\.*$/.test(bare) ? 'received.lotka' : bare;
    const folder = mkdtempSync(join(tmpdir(), 'lotka-'));
    // Sentences about a file call it by its name.
    const path = join(folder, file);
    this.#coming.set(id, { file, folder, path, length, descriptor: openSync(path, 'w'), received: 0 });
    return id;
  }

  /**
   * The next piece. @returns path of the file once it is whole, else null
   * @throws LotkaError `bad-input` for a piece that is not the next, `not-found`, `disk-full`
   */
  add(id: string, offset: number, piece: Uint8Array): string | null {
    const coming = this.#coming.get(id);
    if (!coming) throw new LotkaError('not-found', 'The file is no longer expected; choose it again.');
    const { descriptor, file, folder, path, length } = coming;
    if (offset !== coming.received || offset + piece.length > length) {
      this.#giveUp(id);
      throw new LotkaError('bad-input', `The file ${file} arrived in the wrong pieces; choose it again.`);
    }
    try {
      for (let done = 0; done < piece.length;) done += writeSync(descriptor, piece, done, piece.length - done, offset + done);
    } catch (error) {
      this.#giveUp(id);
      throw diskError(error, path);
    }
    coming.received += piece.length;
    if (coming.received < length) return null;
    closeSync(descriptor);
    this.#coming.delete(id);
    this.#folders.set(path, folder);
    return path;
  }

  /** Removes a file that had arrived; other paths are left alone. */
  remove(path: string): void {
    const folder = this.#folders.get(path);
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
    this.#folders.delete(path);
  }

  close(): void {
    for (const id of [...this.#coming.keys()]) this.#giveUp(id);
    for (const path of [...this.#folders.keys()]) this.remove(path);
  }

  #giveUp(id: string): void {
    const coming = this.#coming.get(id);
    if (!coming) return;
    closeSync(coming.descriptor);
    rmSync(coming.folder, { recursive: true, force: true });
    this.#coming.delete(id);
  }
}
