import { open, stat, type FileHandle } from 'node:fs/promises';
import type { ByteSource } from '#app/arrays/source.ts';
import { LotkaError } from '#app/protocol/errors.ts';

/** Files that are open at once; of imports with thousands of files the one used longest ago is closed. */
const mostOpen = 64;

/** Files on disk, read by offset and kept open while they are used. */
export class DiskSources {
  readonly #open = new Map<string, Promise<FileHandle>>();

  /** @throws LotkaError `bad-input` if it is no file that can be read */
  async source(name: string, path: string): Promise<ByteSource> {
    const { size } = await statOf(name, path);
    return {
      name,
      size,
      read: async (from, to) => {
        const handle = await this.#handle(path);
        const bytes = new Uint8Array(to - from);
        for (let done = 0; done < bytes.length;) {
          const { bytesRead } = await handle.read(bytes, done, bytes.length - done, from + done);
          if (bytesRead === 0) return bytes.subarray(0, done);
          done += bytesRead;
        }
        return bytes;
      },
    };
  }

  async close(): Promise<void> {
    const handles = [...this.#open.values()];
    this.#open.clear();
    for (const handle of handles) await (await handle).close();
  }

  async #handle(path: string): Promise<FileHandle> {
    const handle = this.#open.get(path) ?? open(path, 'r');
    this.#open.delete(path);
    this.#open.set(path, handle);
    const [oldest] = this.#open.keys();
    if (this.#open.size > mostOpen && oldest !== undefined) {
      const closing = this.#open.get(oldest);
      this.#open.delete(oldest);
      await (await closing)?.close();
    }
    return handle;
  }
}

/** @throws LotkaError `bad-input` */
export async function statOf(name: string, path: string): Promise<{ readonly size: number }> {
  try {
    const status = await stat(path);
    if (!status.isFile()) throw new LotkaError('bad-input', `${path} is no file.`);
    return { size: status.size };
  } catch (cause) {
    if (cause instanceof LotkaError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new LotkaError('bad-input', missing ? `There is no file ${path}.` : `The file ${name} cannot be read.`, { cause });
  }
}
