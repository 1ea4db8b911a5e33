/** Files that commands write. */
import { closeSync, openSync, realpathSync, renameSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname, extname } from 'node:path';
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
  // A link is followed; what is no file, such as a terminal or /dev/null, is written to and never replaced.
  const target = writing(path, () => existing(path));
  if (target !== null && !target.isFile) return writeInto(path, pieces);
  const place = target?.real ?? path;
  const beside = `${place}.${process.pid}.part`;
  try {
    const file = writing(path, () => openSync(beside, 'w', target?.mode));
    await writeAll(path, file, pieces);
    writing(path, () => renameSync(beside, place));
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

/** What is there already, behind any link; null for nothing, or a link that leads nowhere. */
function existing(path: string): { readonly isFile: boolean; readonly real: string; readonly mode: number } | null {
  const found = statSync(path, { throwIfNoEntry: false });
  // A folder is refused by the renaming, with its own sentence.
  if (!found) return null;
  return { isFile: found.isFile() || found.isDirectory(), real: realpathSync(path), mode: found.mode & 0o777 };
}

const writeInto = async (path: string, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> =>
  writeAll(
    path,
    writing(path, () => openSync(path, 'w')),
    pieces,
  );

/** Writes all pieces and closes the file. */
async function writeAll(path: string, file: number, pieces: AsyncIterable<Uint8Array> | Iterable<Uint8Array>): Promise<void> {
  try {
    for await (const piece of pieces)
      writing(path, () => {
        for (let done = 0; done < piece.length;) done += writeSync(file, piece, done);
      });
  } finally {
    closeSync(file);
  }
}

function writing<T>(path: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw unwritable(error, path);
  }
}

/**
 * The format of a file that is told by its name, or by word; `usual` if neither tells.
 * @param endingOf ending of each format's files, without a dot
 * @throws LotkaError `bad-input` if they contradict each other
 */
export function formatFor<F extends string>(
  { format, out }: { readonly format?: F; readonly out?: string },
  formats: readonly F[],
  endingOf: (format: F) => string,
  usual: F,
): F {
  const ending = out === undefined ? '' : extname(out).slice(1).toLowerCase();
  const named = formats.find((one) => endingOf(one) === ending);
  if (format !== undefined && named !== undefined && format !== named)
    throw new LotkaError('bad-input', `--out ends in .${ending}, and --format is ${format}: they should say the same.`);
  return format ?? named ?? usual;
}
