/**
 * Directories of zip archives whose parts are stored as they are, so that any part of one can be read in its place.
 * Layout of the records: APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 and 4.3.14 to 4.3.16.
 */
import { strFromU8 } from 'fflate';
import { LotkaError } from '#app/protocol/errors.ts';

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

const signatures = { local: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 } as const;
const lengths = { local: 30, entry: 46, end: 22, end64: 56, locator64: 20, comment: 0xffff } as const;
/** Parts and bytes of a directory that are read; more is no archive of ours. */
const most = { parts: 1_000_000, directory: 256 * 2 ** 20 } as const;
/** A field of 32 bits that holds nothing but the word that its value is in the 64 bits of an extra field. */
const elsewhere = 0xffffffff;

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
  const view = viewOf(tail);
  let end = tail.length - lengths.end;
  while (end >= 0 && view.getUint32(end, true) !== signatures.end) end--;
  if (end < 0) throw damaged(file, size === 0 ? 'it is empty' : 'its end is missing, or it is no .lotka file');
  const { count, at, length } = endOf(read, tailAt + end, view, end, file);
  if (count > most.parts || length > most.directory || at + length > tailAt + end) throw damaged(file, 'its directory is damaged');
  const directory = read(at, length);
  if (directory.length < length) throw damaged(file, 'its directory is cut off');
  const parts = entriesOf(directory, count, file);
  requireApart(parts, at, file);
  return parts;
}

/**
 * Where the content of a part begins.
 * @throws LotkaError `bad-input` if no part of that name lies there
 */
export function contentOf(read: Read, part: Part, file: string): number {
  const header = read(part.at, lengths.local);
  const view = viewOf(header);
  if (header.length < lengths.local || view.getUint32(0, true) !== signatures.local)
    throw damaged(file, `the part ${part.name} is not where its directory says`);
  return part.at + lengths.local + view.getUint16(26, true) + view.getUint16(28, true);
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Where the directory lies; archives of more than 4 GB say it in a record of their own. */
function endOf(read: Read, endAt: number, view: DataView, end: number, file: string): { count: number; at: number; length: number } {
  const short = { count: view.getUint16(end + 10, true), length: view.getUint32(end + 12, true), at: view.getUint32(end + 16, true) };
  if (short.count !== 0xffff && short.length !== elsewhere && short.at !== elsewhere) return short;
  const locator = read(Math.max(0, endAt - lengths.locator64), lengths.locator64);
  if (locator.length < lengths.locator64 || viewOf(locator).getUint32(0, true) !== signatures.locator64) return short;
  const record = read(number64(viewOf(locator), 8, file), lengths.end64);
  const wide = viewOf(record);
  if (record.length < lengths.end64 || wide.getUint32(0, true) !== signatures.end64) throw damaged(file, 'its directory is damaged');
  return { count: number64(wide, 32, file), length: number64(wide, 40, file), at: number64(wide, 48, file) };
}

function number64(view: DataView, at: number, file: string): number {
  const value = Number(view.getBigUint64(at, true));
  if (!Number.isSafeInteger(value)) throw damaged(file, 'its directory is damaged');
  return value;
}

function entriesOf(directory: Uint8Array, count: number, file: string): Part[] {
  const view = viewOf(directory);
  const parts: Part[] = [];
  const names = new Set<string>();
  for (let at = 0; parts.length < count;) {
    if (at + lengths.entry > directory.length || view.getUint32(at, true) !== signatures.entry)
      throw damaged(file, 'its directory is damaged');
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => view.getUint16(at + field, true)) as [
      number,
      number,
      number,
    ];
    const next = at + lengths.entry + nameLength + extraLength + commentLength;
    if (next > directory.length) throw damaged(file, 'its directory is damaged');
    const name = strFromU8(directory.subarray(at + lengths.entry, at + lengths.entry + nameLength));
    if (names.has(name)) throw damaged(file, `it has two parts called ${name}`);
    names.add(name);
    if ((view.getUint16(at + 8, true) & 1) !== 0) throw damaged(file, `its part ${name} is encrypted`);
    if (view.getUint16(at + 10, true) !== 0)
      throw damaged(file, `its part ${name} is compressed, and Lotka reads parts as they are; it was packed again by another program`);
    const extra = viewOf(directory.subarray(at + lengths.entry + nameLength, next - commentLength));
    const [length, packed, local] = wideFields(view, at, extra, file);
    if (packed !== length) throw damaged(file, 'its directory is damaged');
    parts.push({ name, at: local, length, checksum: view.getUint32(at + 16, true) });
    at = next;
  }
  return parts;
}

/** Size, packed size and place of an entry, each from the extra field (4.5.3) where 32 bits do not hold it. */
function wideFields(view: DataView, at: number, extra: DataView, file: string): [number, number, number] {
  let wide = -1;
  for (let field = 0; field + 4 <= extra.byteLength; field += 4 + extra.getUint16(field + 2, true))
    if (extra.getUint16(field, true) === 1) wide = field + 4;
  return [24, 20, 42].map((place) => {
    const value = view.getUint32(at + place, true);
    if (value !== elsewhere || wide < 0) return value;
    if (wide + 8 > extra.byteLength) throw damaged(file, 'its directory is damaged');
    wide += 8;
    return number64(extra, wide - 8, file);
  }) as [number, number, number];
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
