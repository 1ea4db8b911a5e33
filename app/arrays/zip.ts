/** Zip archives as .npz files are, read by their directory, one entry at a time, and checked by their checksums. */
import { Inflate, strFromU8 } from 'fflate';
import { LotkaError } from '#app/protocol/errors.ts';
import { readWithin, type ByteSource } from './source.ts';
import { badFile, grouped, quoted, type Turn } from './words.ts';

/** Bytes that are unpacked between two turns. */
const piece = 1 << 16;
/** A directory of more bytes is refused unread: that of 65,535 long names. */
const mostDirectory = 32 * 2 ** 20;

/** Layout of the records: APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3. */
const signatures = { local: 0x04034b50, directory: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 } as const;
const lengths = { local: 30, directory: 46, end: 22, comment: 0xffff, locator64: 20, end64: 56 } as const;
const extra64 = 0x0001;
const full32 = 0xffffffff;

/** A file in an archive, as the directory at its end lists it. */
export interface ZipEntry {
  readonly name: string;
  readonly encrypted: boolean;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly checksum: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes that it says it unpacks to; a claim only. */
  readonly unpacked: number;
  /** Where its local header lies. */
  readonly at: number;
}

/**
 * What the directory of an archive lists.
 * @param most entries beyond which it is refused
 * @throws LotkaError `bad-input`: no zip, damaged, cut off, too many
 */
export async function zipEntries(source: ByteSource, most: number): Promise<ZipEntry[]> {
  const damaged = (): LotkaError => badFile(source.name, '', 'it is not a .npz file that can be read: it is damaged or cut off.');
  const head = source.size >= 2 ? await source.read(0, 2) : new Uint8Array(0);
  if (head[0] !== 0x50 || head[1] !== 0x4b) throw badFile(source.name, '', 'it is not a .npz file: it does not begin as a zip.');
  const { count, directory, length } = await directoryOf(source, damaged);
  if (count > most) throw badFile(source.name, '', `it has ${grouped(count)} arrays, more than the ${grouped(most)} that are read.`);
  if (length > mostDirectory || directory + length > source.size) throw damaged();
  const bytes = await readWithin(source, directory, directory + length);
  const view = viewOf(bytes);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + lengths.directory > bytes.length || view.getUint32(at, true) !== signatures.directory) throw damaged();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const end = at + lengths.directory + nameLength + extraLength + commentLength;
    if (end > bytes.length) throw damaged();
    const extra = bytes.subarray(at + lengths.directory + nameLength, at + lengths.directory + nameLength + extraLength);
    const sizes = largeSizes(extra, {
      unpacked: view.getUint32(at + 24, true),
      packed: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    });
    if (!sizes || sizes.at + lengths.local > source.size || sizes.packed > source.size) throw damaged();
    entries.push({
      name: strFromU8(bytes.subarray(at + lengths.directory, at + lengths.directory + nameLength)),
      encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      ...sizes,
    });
    at = end;
  }
  return entries;
}

interface Sizes {
  readonly unpacked: number;
  readonly packed: number;
  readonly at: number;
}

/** Where the directory lies, by the record at the end of the file; of archives beyond 4 GB by the one that it points to. */
async function directoryOf(source: ByteSource, damaged: () => LotkaError): Promise<{ count: number; directory: number; length: number }> {
  const tailFrom = Math.max(0, source.size - lengths.end - lengths.comment - lengths.locator64);
  const tail = await readWithin(source, tailFrom, source.size);
  const view = viewOf(tail);
  let end = tail.length - lengths.end;
  while (end >= 0 && view.getUint32(end, true) !== signatures.end) end--;
  if (end < 0) throw damaged();
  // All up to the record itself, whatever length it claims.
  const told = (count: number, directory: number, to: number) => ({ count, directory, length: Math.max(0, to - directory) });
  const locator = end - lengths.locator64;
  if (locator < 0 || view.getUint32(locator, true) !== signatures.locator64)
    return told(view.getUint16(end + 10, true), view.getUint32(end + 16, true), tailFrom + end);
  const at = Number(view.getBigUint64(locator + 8, true));
  if (!Number.isSafeInteger(at) || at + lengths.end64 > source.size) throw damaged();
  const record = viewOf(await readWithin(source, at, at + lengths.end64));
  if (record.getUint32(0, true) !== signatures.end64) throw damaged();
  const [count, directory] = [32, 48].map((offset) => Number(record.getBigUint64(offset, true))) as [number, number];
  return told(count, directory, at);
}

/** Sizes of an entry, those beyond 4 GB out of its extra field; null if that is damaged. */
function largeSizes(extra: Uint8Array, told: Sizes): Sizes | null {
  if (told.unpacked !== full32 && told.packed !== full32 && told.at !== full32) return told;
  const view = viewOf(extra);
  for (let at = 0; at + 4 <= extra.length;) {
    const [id, length] = [view.getUint16(at, true), view.getUint16(at + 2, true)];
    if (id === extra64) {
      let next = at + 4;
      const end = Math.min(extra.length, next + length);
      const large = (value: number): number => {
        if (value !== full32) return value;
        if (next + 8 > end) return NaN;
        next += 8;
        return Number(view.getBigUint64(next - 8, true));
      };
      const sizes = { unpacked: large(told.unpacked), packed: large(told.packed), at: large(told.at) };
      return Object.values(sizes).every(Number.isSafeInteger) ? sizes : null;
    }
    at += 4 + length;
  }
  return null;
}

/** Bytes of an entry as the archive holds them. @throws LotkaError `bad-input` if they do not lie in the file, or are packed otherwise */
async function packedOf(source: ByteSource, entry: ZipEntry, where: string): Promise<{ from: number; to: number }> {
  if (entry.encrypted || (entry.method !== 0 && entry.method !== 8))
    throw badFile(source.name, where, 'it is encrypted or packed in another way than numpy.savez and numpy.savez_compressed write.');
  const damaged = (): LotkaError => badFile(source.name, where, 'it is damaged or cut off.');
  const view = viewOf(await readWithin(source, entry.at, entry.at + lengths.local, where));
  if (view.getUint32(0, true) !== signatures.local) throw damaged();
  const from = entry.at + lengths.local + view.getUint16(26, true) + view.getUint16(28, true);
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

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

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
