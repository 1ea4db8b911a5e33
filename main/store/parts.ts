/**
 * Where the files of runs and sweeps lie: on the disk, or inside a .lotka file, which is read in its place. A path that leads into
 * such a file is `<file>::/<part>`; everything that reads a run takes either.
 */
import { closeSync, fstatSync, openSync, readdirSync, readSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { contentOf, readDirectory, type Part, type Read } from '#app/archives/directory.ts';
import { LotkaError } from '#app/protocol/errors.ts';

const mark = '::/';
/** Archives whose directories are remembered. */
const mostRemembered = 32;

/** The path of a part, or of a folder of parts, inside an archive. */
export const insideOf = (file: string, part: string): string => `${file}${mark}${part}`;

/** The same path with the slashes that parts have, cut where it enters an archive. */
function entered(path: string): { file: string; part: string } | null {
  const at = Math.max(path.lastIndexOf(mark), path.lastIndexOf('::\\'));
  return at < 0 ? null : { file: path.slice(0, at), part: path.slice(at + mark.length).replaceAll('\\', '/') };
}

/** A piece of an open file. Offsets are counted from its beginning. */
export interface OpenPart {
  readonly size: number;
  /** Fills `into`. @throws LotkaError `store-corrupt` if the file ends before */
  readonly read: (into: Uint8Array, offset: number) => void;
}

/** Uses a file, or a part of an archive; what `missing` is if there is none. */
export function withPart<T>(path: string, missing: T, use: (part: OpenPart) => T): T {
  const inside = entered(path);
  return withFile(inside?.file ?? path, missing, (file, size) => {
    if (!inside) return use({ size, read: (into, offset) => readFully(file, into, offset, path) });
    const part = directoryOf(inside.file, file).get(inside.part);
    if (!part) return missing;
    const start = contentOf(readerOf(file), part, basename(inside.file));
    return use({
      size: part.length,
      read: (into, offset) => {
        if (offset + into.length > part.length) throw cutOff(path);
        readFully(file, into, start + offset, path);
      },
    });
  });
}

/** The whole of a file or part. @returns null if there is none */
export function readPart(path: string): Uint8Array | null {
  return withPart<Uint8Array | null>(path, null, (part) => {
    const bytes = new Uint8Array(part.size);
    part.read(bytes, 0);
    return bytes;
  });
}

/** Where the content of a file or part lies on the disk, in bytes from the start of `file`. @returns null if there is none */
export function placeOf(path: string): { readonly file: string; readonly start: number; readonly length: number } | null {
  const inside = entered(path);
  return withFile(inside?.file ?? path, null, (file, size) => {
    if (!inside) return { file: path, start: 0, length: size };
    const part = directoryOf(inside.file, file).get(inside.part);
    return part ? { file: inside.file, start: contentOf(readerOf(file), part, basename(inside.file)), length: part.length } : null;
  });
}

/** Names of the files in a folder, or in a folder of parts; none if it is not there. */
export function listParts(folder: string): string[] {
  const inside = entered(folder);
  if (!inside) {
    try {
      return readdirSync(folder);
    } catch {
      return [];
    }
  }
  const prefix = `${inside.part}/`;
  return [...partsOf(inside.file).keys()].filter((name) => name.startsWith(prefix)).map((name) => name.slice(prefix.length));
}

/** Size and time of last change: another file under the same name is read anew. */
const stampOf = ({ size, mtimeMs, ino }: { size: number; mtimeMs: number; ino: number }): string => `${size} ${mtimeMs} ${ino}`;
const directories = new Map<string, { stamp: string; parts: Map<string, Part> }>();

/**
 * What an archive holds, by name, in the order of its directory.
 * @throws LotkaError `not-found`, `unavailable`, or `bad-input` if it is no archive that can be read
 */
export function partsOf(path: string): ReadonlyMap<string, Part> {
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new LotkaError('not-found', `There is no file ${path}.`);
  const parts = withFile<ReadonlyMap<string, Part> | null>(path, null, (file) => directoryOf(path, file));
  if (!parts) throw new LotkaError('not-found', `There is no file ${path}.`);
  return parts;
}

function directoryOf(path: string, file: number): Map<string, Part> {
  const stamp = stampOf(fstatSync(file));
  const known = directories.get(path);
  if (known?.stamp === stamp) return known.parts;
  const parts = new Map(readDirectory(readerOf(file), fstatSync(file).size, basename(path)).map((part) => [part.name, part]));
  directories.delete(path);
  directories.set(path, { stamp, parts });
  if (directories.size > mostRemembered) directories.delete(directories.keys().next().value!);
  return parts;
}

const readerOf =
  (file: number): Read =>
  (offset, length) => {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, fstatSync(file).size - offset)));
    for (let done = 0; done < bytes.length;) {
      const count = readSync(file, bytes, done, bytes.length - done, offset + done);
      if (count === 0) return bytes.subarray(0, done);
      done += count;
    }
    return bytes;
  };

function withFile<T>(path: string, missing: T, use: (file: number, size: number) => T): T {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return missing;
    if (code === 'EACCES' || code === 'EPERM') throw new LotkaError('unavailable', `You may not read ${path}.`, { cause: error });
    throw error;
  }
  try {
    return use(file, fstatSync(file).size);
  } finally {
    closeSync(file);
  }
}

const cutOff = (path: string): LotkaError => new LotkaError('store-corrupt', `${path} became shorter while it was read; try again.`);

function readFully(file: number, into: Uint8Array, position: number, path: string): void {
  for (let done = 0; done < into.length;) {
    const count = readSync(file, into, done, into.length - done, position + done);
    if (count === 0) throw cutOff(path);
    done += count;
  }
}
