/** Directories of zip archives whose parts are stored as they are, so that any part of one can be read in its place. */
import { LotkaError } from '#app/protocol/errors.ts';
import { contentAfter, endIn, endRecord, endRecord64, entriesOf, lengths, locator64, type DirectoryPlace } from '#app/zip/records.ts';

/** Where a part of an archive lies. */
export interface Part {
  readonly name: string;
  /** Of its local header, in bytes from the start of the file; the content comes after that. */
  readonly at: number;
  /** Of its content, in bytes. */
  readonly length: number;
  /** CRC-32 of its content. */
  readonly checksum: number;
}

/** Bytes of a file; fewer than asked for only at its end. */
export type Read = (offset: number, length: number) => Uint8Array;

/** Parts and bytes of a directory that are read; more is no archive of ours. */
const most = { parts: 1_000_000, directory: 256 * 2 ** 20 } as const;
const damaged = (file: string, how: string): LotkaError =>
  new LotkaError('bad-input', `"${file}" cannot be opened: ${how}. Ask for the file again, or copy it again.`);

/**
 * Reads the directory at the end of an archive and checks that every part lies in the file, before the directory, stored as it is.
 * @param size Of the file, in bytes.
 * @param file What sentences call it.
 * @throws LotkaError `bad-input` with a sentence: no zip, cut off, encrypted, compressed, parts over each other or twice.
 */
export function readDirectory(read: Read, size: number, file: string): Part[] {
  const tailAt = Math.max(0, size - lengths.end - lengths.comment);
  const tail = read(tailAt, size - tailAt);
  const end = endIn(tail);
  if (end < 0) throw damaged(file, size === 0 ? 'it is empty' : 'its end is missing, or it is no .lotka file');
  const { count, at, length } = placeOf(read, tail, end, tailAt + end, file);
  if (count > most.parts || length > most.directory || at + length > tailAt + end) throw damaged(file, 'its directory is damaged');
  const directory = read(at, length);
  if (directory.length < length) throw damaged(file, 'its directory is cut off');
  const parts = partsOf(directory, count, file);
  requireApart(parts, at, file);
  return parts;
}

/**
 * Where the content of a part begins.
 * @throws LotkaError `bad-input` if no part of that name lies there
 */
export function contentOf(read: Read, part: Part, file: string): number {
  const header = read(part.at, lengths.local);
  const content = contentAfter(header);
  if (content === null) throw damaged(file, `the part ${part.name} is not where its directory says`);
  return part.at + content;
}

/** Where the directory lies; archives of more than 4 GB say it in a record of their own. */
function placeOf(read: Read, tail: Uint8Array, end: number, endAt: number, file: string): DirectoryPlace {
  const told = endRecord(tail, end);
  if (!told.wide) return told;
  const wideAt = locator64(read(Math.max(0, endAt - lengths.locator64), lengths.locator64));
  if (wideAt === null) return told;
  const place = endRecord64(read(wideAt, lengths.end64));
  if (!place) throw damaged(file, 'its directory is damaged');
  return place;
}

function partsOf(directory: Uint8Array, count: number, file: string): Part[] {
  const entries = entriesOf(directory, count);
  if (!entries) throw damaged(file, 'its directory is damaged');
  const names = new Set<string>();
  return entries.map(({ name, encrypted, method, checksum, packed, unpacked, at }) => {
    if (names.has(name)) throw damaged(file, `it has two parts called ${name}`);
    names.add(name);
    if (encrypted) throw damaged(file, `its part ${name} is encrypted`);
    if (method !== 0)
      throw damaged(file, `its part ${name} is compressed, and Lotka reads parts as they are; it was packed again by another program`);
    if (packed !== unpacked) throw damaged(file, 'its directory is damaged');
    return { name, at, length: unpacked, checksum };
  });
}

/** Parts that share bytes could make a small file look like a large one. */
function requireApart(parts: readonly Part[], directoryAt: number, file: string): void {
  let end = 0;
  for (const { name, at, length } of [...parts].sort((a, b) => a.at - b.at)) {
    if (at < end) throw damaged(file, `its part ${name} lies over another`);
    end = at + lengths.local + length;
    if (end > directoryAt) throw damaged(file, `its part ${name} is cut off`);
  }
}
