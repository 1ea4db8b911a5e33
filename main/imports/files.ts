/** Files that clients have sent and not imported yet: on disk, as they may be large. */
import { mkdtemp, open, rm, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { requireArrayFormat } from '#app/arrays/open.ts';
import { badFile, grouped } from '#app/arrays/words.ts';
import { mostFiles } from '#app/imports/limits.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { diskError } from '#main/store/files.ts';
import { statOf } from './disk-source.ts';

/** Bytes that are sent at most, all files together; the command line reads larger ones where they lie. */
const mostSent = 4 * 2 ** 30;

interface Held {
  readonly name: string;
  readonly path: string;
  readonly size: number;
  received: number;
  /** Open while it is being sent. */
  handle: FileHandle | null;
  /** Whether it is a copy of ours, deleted when it is no longer wanted. */
  readonly copied: boolean;
}

export class ImportFiles {
  readonly #held = new Map<string, Held>();
  #folder: Promise<string> | null = null;
  #count = 0;

  /** @throws LotkaError `bad-input` if no file of that name and size is read */
  async begin(name: string, size: number): Promise<string> {
    requireArrayFormat(name);
    if (size === 0) throw badFile(name, '', 'it is empty.');
    const sent = [...this.#held.values()].reduce((sum, held) => sum + (held.copied ? held.size : 0), size);
    if (sent > mostSent)
      throw badFile(
        name,
        '',
        `with it ${grouped(Math.ceil(sent / 2 ** 20))} MB would be copied, more than ${mostSent / 2 ** 20} MB; read it where it lies with: lotka import <file>`,
      );
    this.#requireRoom();
    const id = `file-${++this.#count}`;
    this.#folder ??= mkdtemp(join(tmpdir(), 'lotka-import-'));
    const path = join(await this.#folder, id);
    try {
      this.#held.set(id, { name, path, size, received: 0, handle: await open(path, 'wx'), copied: true });
    } catch (error) {
      throw diskError(error, path);
    }
    return id;
  }

  /** Takes a file where it lies. @throws LotkaError `bad-input` if it cannot be read */
  async open(path: string): Promise<string> {
    const name = basename(path);
    requireArrayFormat(name);
    const { size } = await statOf(name, path);
    this.#requireRoom();
    const id = `file-${++this.#count}`;
    this.#held.set(id, { name, path, size, received: size, handle: null, copied: false });
    return id;
  }

  /** @throws LotkaError `bad-input` for a piece that is not the next, `disk-full`, `not-found` */
  async add(id: string, offset: number, piece: Uint8Array): Promise<void> {
    const held = this.#find(id);
    if (offset !== held.received || offset + piece.length > held.size || !held.handle)
      throw new LotkaError('bad-input', `The file ${held.name} arrived in the wrong pieces; choose it again.`);
    try {
      await held.handle.write(piece, 0, piece.length, offset);
    } catch (error) {
      throw diskError(error, held.path);
    }
    held.received += piece.length;
    if (held.received < held.size) return;
    await held.handle.close();
    held.handle = null;
  }

  /** Names, places and sizes of files that have arrived. @throws LotkaError `bad-input` if one has not, or two have one name; `not-found` */
  whole(ids: readonly string[]): { readonly name: string; readonly path: string; readonly size: number }[] {
    const files = ids.map((id) => this.#find(id));
    for (const { name, size, received } of files)
      if (received < size) throw new LotkaError('bad-input', `The file ${name} has not arrived whole; choose it again.`);
    const twice = files.find(({ name }, i) => files.findIndex((other) => other.name === name) !== i);
    if (twice) throw new LotkaError('bad-input', `Two files are called "${twice.name}"; give them different names.`);
    return files.map(({ name, path, size }) => ({ name, path, size }));
  }

  async discard(ids: readonly string[]): Promise<void> {
    for (const id of ids) {
      const held = this.#held.get(id);
      this.#held.delete(id);
      await held?.handle?.close();
      if (held?.copied) await rm(held.path, { force: true });
    }
  }

  /** Deletes all copies. */
  async close(): Promise<void> {
    await this.discard([...this.#held.keys()]);
    if (this.#folder) await rm(await this.#folder, { recursive: true, force: true });
    this.#folder = null;
  }

  #requireRoom(): void {
    if (this.#held.size >= mostFiles)
      throw new LotkaError('bad-input', `More than ${grouped(mostFiles)} files are not read together; save the steps in one file.`);
  }

  #find(id: string): Held {
    const held = this.#held.get(id);
    if (!held) throw new LotkaError('not-found', 'The file is no longer held; choose it again.');
    return held;
  }
}
