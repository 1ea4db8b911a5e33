/** Zip archives as .npz files are, read by their directory, one entry at a time, and checked by their checksums. */
import { Inflate } from 'fflate';
import { LotkaError } from '#app/protocol/errors.ts';
import {
  contentAfter,
  endIn,
  endRecord,
  endRecord64,
  entriesOf,
  lengths,
  locator64,
  type DirectoryPlace,
  type ZipEntry,
} from '#app/zip/records.ts';
import { readWithin, type ByteSource } from './source.ts';
import { badFile, grouped, quoted, type Turn } from './words.ts';

/** Bytes that are unpacked between two turns. */
const piece = 1 << 16;
/** A directory of more bytes is refused unread: that of 65,535 long names. */
const mostDirectory = 32 * 2 ** 20;

/**
 * What the directory of an archive lists.
 * @param most entries beyond which it is refused
 * @throws LotkaError `bad-input`: no zip, damaged, cut off, too many
 */
export async function zipEntries(source: ByteSource, most: number): Promise<ZipEntry[]> {
  const damaged = (): LotkaError => badFile(source.name, '', 'it is not a .npz file that can be read: it is damaged or cut off.');
  const head = source.size >= 2 ? await source.read(0, 2) : new Uint8Array(0);
  if (head[0] !== 0x50 || head[1] !== 0x4b) throw badFile(source.name, '', 'it is not a .npz file: it does not begin as a zip.');
  const { count, at, length } = await directoryOf(source, damaged);
  if (count > most) throw badFile(source.name, '', `it has ${grouped(count)} arrays, more than the ${grouped(most)} that are read.`);
  if (length > mostDirectory || at + length > source.size) throw damaged();
  const entries = entriesOf(await readWithin(source, at, at + length), count);
  if (!entries?.every((entry) => entry.at + lengths.local <= source.size && entry.packed <= source.size)) throw damaged();
  return entries;
}

/** Where the directory lies, by the record at the end of the file; of archives beyond 4 GB by the one that it points to. */
async function directoryOf(source: ByteSource, damaged: () => LotkaError): Promise<DirectoryPlace> {
  const tailFrom = Math.max(0, source.size - lengths.end - lengths.comment - lengths.locator64);
  const tail = await readWithin(source, tailFrom, source.size);
  const end = endIn(tail);
  if (end < 0) throw damaged();
  // All up to the record itself, whatever length it claims.
  const upTo = ({ count, at }: DirectoryPlace, to: number): DirectoryPlace => ({ count, at, length: Math.max(0, to - at) });
  const wideAt = locator64(tail.subarray(Math.max(0, end - lengths.locator64), end));
  if (wideAt === null) return upTo(endRecord(tail, end), tailFrom + end);
  if (wideAt + lengths.end64 > source.size) throw damaged();
  const place = endRecord64(await readWithin(source, wideAt, wideAt + lengths.end64));
  if (!place) throw damaged();
  return upTo(place, wideAt);
}

/** Bytes of an entry as the archive holds them. @throws LotkaError `bad-input` if they do not lie in the file, or are packed otherwise */
async function packedOf(source: ByteSource, entry: ZipEntry, where: string): Promise<{ from: number; to: number }> {
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8))
    throw badFile(source.name, where, 'it is encrypted or packed in another way than numpy.savez and numpy.savez_compressed write.');
  const damaged = (): LotkaError => badFile(source.name, where, 'it is damaged or cut off.');
  const header = contentAfter(await readWithin(source, entry.at, entry.at + lengths.local, where));
  if (header === null) throw damaged();
  const from = entry.at + header;
  if (from + entry.packed > source.size) throw damaged();
  return { from, to: from + entry.packed };
}

/**
 * Unpacks an entry piece by piece, and stops when it becomes more than may be, whatever size it claims.
 * @param count told every piece's bytes; throws to refuse more
 * @throws LotkaError `bad-input` naming file and array: damaged, cut off, encrypted, and what `count` throws
 */
export async function readEntry(source: ByteSource, entry: ZipEntry, count: (bytes: number) => void, turn: Turn): Promise<Uint8Array> {
  const where = whereOf(entry);
  const { from, to } = await packedOf(source, entry, where);
  let content: Uint8Array;
  if (entry.method === 0) {
    count(entry.packed);
    content = await readWithin(source, from, to, where);
  } else {
    content = await inflated(source, from, to, where, count, turn);
  }
  if ((await checksumOf(content, turn)) !== entry.checksum) throw badFile(source.name, where, 'it is damaged: its checksum is another.');
  return content;
}

/** The first bytes of an entry, at most `most`; not checked by its checksum, which is that of the whole. */
export async function readEntryStart(source: ByteSource, entry: ZipEntry, most: number): Promise<Uint8Array> {
  const where = whereOf(entry);
  const { from, to } = await packedOf(source, entry, where);
  if (entry.method === 0) return readWithin(source, from, Math.min(to, from + most), where);
  const pieces: Uint8Array[] = [];
  let length = 0;
  const inflate = new Inflate((data) => {
    pieces.push(data);
    length += data.length;
  });
  // Packed a thousandfold at most, so that what one push yields is bounded.
  const small = 1024;
  try {
    for (let at = from; at < to && length < most; at += small)
      inflate.push((await readWithin(source, at, Math.min(to, at + small), where)).slice(), at + small >= to);
  } catch (cause) {
    if (cause instanceof LotkaError) throw cause;
    throw badFile(source.name, where, 'it is damaged or cut off.', cause);
  }
  return joined(pieces).subarray(0, most);
}

const whereOf = ({ name }: ZipEntry): string => `array ${quoted(name)}`;

async function inflated(
  source: ByteSource,
  from: number,
  to: number,
  where: string,
  count: (length: number) => void,
  turn: Turn,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const inflate = new Inflate((data) => {
    count(data.length);
    pieces.push(data);
  });
  try {
    for (let at = from; at < to; at += piece) {
      inflate.push(await readWithin(source, at, Math.min(to, at + piece), where), at + piece >= to);
      await turn();
    }
  } catch (cause) {
    if (cause instanceof LotkaError) throw cause;
    throw badFile(source.name, where, 'it is damaged or cut off.', cause);
  }
  return joined(pieces);
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(pieces.reduce((length, { length: more }) => length + more, 0));
  let at = 0;
  for (const part of pieces) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** Remainders of CRC-32 by byte, of the reflected polynomial 0xedb88320. */
const remainders = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = remainder & 1 ? (remainder >>> 1) ^ 0xedb88320 : remainder >>> 1;
  return remainder;
});

/** CRC-32 as zip archives have it. */
async function checksumOf(bytes: Uint8Array, turn: Turn): Promise<number> {
  let remainder = -1;
  for (let at = 0; at < bytes.length; at++) {
    remainder = (remainder >>> 8) ^ remainders[(remainder ^ bytes[at]!) & 255]!;
    if (at % (16 * piece) === 16 * piece - 1) await turn();
  }
  return ~remainder >>> 0;
}
