/** Files that commands write. */
import { closeSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { LotkaError } from '#app/protocol/errors.ts';

/** A sentence for a file that could not be written. */
export function unwritable(cause: unknown, path: string): LotkaError {
  const why: Readonly<Record<string, string>> = {
    ENOENT: `there is no folder ${dirname(path)}`,
    ENOTDIR: `${dirname(path)} is not a folder`,
    EISDIR: 'it is a folder, and --out names a file',
    EACCES: 'you may not write there',
    EPERM: 'you may not write there',
    EROFS: 'nobody may write there',
    ENOSPC: 'the disk is full',
  };
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return new LotkaError('bad-input', `${path} cannot be written: ${why[code] ?? (cause as Error).message}.`, { cause });
}

/**
 * Writes a file piece by piece. It appears whole or not at all.
 * @throws LotkaError if it cannot be written; what the pieces come from may throw as well
 */
export async function writePieces(path: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  const beside = `${path}.${process.pid}.part`;
  try {
    const file = writing(path, () => openSync(beside, 'w'));
    try {
      for await (const piece of pieces)
        writing(path, () => {
          for (let done = 0; done < piece.length;) done += writeSync(file, piece, done);
        });
    } finally {
      closeSync(file);
    }
    writing(path, () => renameSync(beside, path));
  } catch (error) {
    try {
      rmSync(beside, { force: true });
    } catch {
      // Where nothing could be written there is nothing to take away.
    }
    throw error;
  }
}

/** Writes a file at once, whole or not at all. @throws LotkaError if it cannot be written */
export const writeWhole = (path: string, bytes: Uint8Array): Promise<void> => writePieces(path, [bytes]);

function writing<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw unwritable(error, path);
  }
}
