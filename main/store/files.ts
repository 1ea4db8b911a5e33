import * as fs from 'node:fs/promises';
import { dirname } from 'node:path';
import { LotkaError } from '#app/protocol/errors.ts';

/** A file that grows: bytes are put at positions, so that a failed write is simply repeated. */
export interface GrowingFile {
  write(bytes: Uint8Array, position: number): Promise<void>;
  truncate(length: number): Promise<void>;
  /** Resolves when what was written would outlive a power cut. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The few things the store does to the disk. Behind an interface because a full disk must be testable. */
export interface Files {
  openGrowing(path: string): Promise<GrowingFile>;
  /** Readers see the old content or the new, never a part: temporary file beside it, flushed, renamed. */
  writeAtomic(path: string, bytes: Uint8Array | string): Promise<void>;
}

let temporaryNumber = 0;

export const diskFiles: Files = {
  async openGrowing(path) {
    const handle = await fs.open(path, fs.constants.O_RDWR | fs.constants.O_CREAT, 0o644);
    return {
      async write(bytes, position) {
        for (let done = 0; done < bytes.length;) {
          const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, position + done);
          done += bytesWritten;
        }
      },
      truncate: (length) => handle.truncate(length),
      sync: () => handle.datasync(),
      close: () => handle.close(),
    };
  },

  async writeAtomic(path, bytes) {
    const temporary = `${path}.${process.pid}-${temporaryNumber++}.tmp`;
    try {
      const handle = await fs.open(temporary, 'w', 0o644);
      try {
        await handle.writeFile(bytes);
        await handle.sync();
      } finally {
        await handle.close();
      }
      await fs.rename(temporary, path);
    } catch (error) {
      await fs.rm(temporary, { force: true });
      throw error;
    }
  },
};

const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException | undefined)?.code ?? '';

/** A sentence for what the disk refused; other errors come back as they are. */
export function diskError(error: unknown, path: string): unknown {
  switch (codeOf(error)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return new LotkaError(
        'disk-full',
        `The disk that holds ${dirname(path)} is full; free some space there, nothing that was saved is lost.`,
        { cause: error },
      );
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return new LotkaError(
        'unavailable',
        `Lotka may not write to ${dirname(path)}; give it permission or choose another store with LOTKA_STORE.`,
        { cause: error },
      );
    case 'EMFILE':
    case 'ENFILE':
      return new LotkaError('unavailable', `This machine has too many files open to write ${path}; close some programs and try again.`, {
        cause: error,
      });
    default:
      return error;
  }
}

/** Files whose failures carry sentences. */
export function withSentences(files: Files): Files {
  const explain = async <T>(path: string, action: () => Promise<T>): Promise<T> => {
    try {
      return await action();
    } catch (error) {
      throw diskError(error, path);
    }
  };
  return {
    async openGrowing(path) {
      const file = await explain(path, () => files.openGrowing(path));
      return {
        write: (bytes, position) => explain(path, () => file.write(bytes, position)),
        truncate: (length) => explain(path, () => file.truncate(length)),
        sync: () => explain(path, () => file.sync()),
        close: () => explain(path, () => file.close()),
      };
    },
    writeAtomic: (path, bytes) => explain(path, () => files.writeAtomic(path, bytes)),
  };
}
