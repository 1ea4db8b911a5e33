/** Zip archives as .npz files are, read by their directory and checked by its checksums. */
import { Inflate, strFromU8 } from 'fflate';
import { LotkaError } from '#app/protocol/errors.ts';
import { grouped, mostBytes } from './limits.ts';
import { badFile, quoted, type Turn } from './table.ts';

/** Bytes that a file may unpack to: what the largest dataset takes in double precision, and a little. */
const mostUnpacked = 1.25 * mostBytes;
/** Files in an archive that are looked at. */
const mostEntries = 256;
/** Bytes that are unpacked between two turns. */
const piece = 1 << 16;

/** Layout of the records: APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12 and 4.3.16. */
const signatures = { local: 0x04034b50, directory: 0x02014b50, end: 0x06054b50 } as const;
const lengths = { local: 30, directory: 46, end: 22, comment: 0xffff } as const;

interface Entry {
  readonly name: string;
  readonly encrypted: boolean;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  readonly checksum: number;
  readonly packed: Uint8Array;
}

/**
 * Unpacks an archive piece by piece, and stops when it becomes more than may be, whatever sizes it claims.
 * @returns contents by name
 * @throws LotkaError `bad-input` naming file and array: no zip, damaged, cut off, encrypted, too large
 */
export async function unzip(bytes: Uint8Array, file: string, turn: Turn): Promise<Map<string, Uint8Array>> {
  if (bytes[0] !== 0x50 || bytes[1] !== 0x4b) throw badFile(file, '', 'it is not a .npz file: it does not begin as a zip.');
  const contents = new Map<string, Uint8Array>();
  let total = 0;
  for (const { name, encrypted, method, checksum, packed } of entriesOf(bytes, file)) {
    const where = `array ${quoted(name)}`;
    if (encrypted || (method !== 0 && method !== 8))
      throw badFile(file, where, 'it is encrypted or packed in another way than numpy.savez and numpy.savez_compressed write.');
    const count = (length: number): void => {
      total += length;
      if (total > mostUnpacked) throw badFile(file, where, `it unpacks to more than ${mostUnpacked / 2 ** 20} MB; take a sample.`);
    };
    if (method === 0) count(packed.length);
    const content = method === 0 ? packed : await inflated(packed, file, where, count, turn);
    if ((await checksumOf(content, turn)) !== checksum) throw badFile(file, where, 'it is damaged: its checksum is another.');
    contents.set(name, content);
  }
  return contents;
}

/** What the directory at the end of an archive lists. */
function entriesOf(bytes: Uint8Array, file: string): Entry[] {
  const damaged = (): LotkaError => badFile(file, '', 'it is not a .npz file that can be read: it is damaged or cut off.');
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isAt = (signature: number, at: number, length: number): boolean =>
    at >= 0 && at + length <= bytes.length && view.getUint32(at, true) === signature;
  let end = bytes.length - lengths.end;
  const first = Math.max(0, end - lengths.comment);
  while (end >= first && !isAt(signatures.end, end, lengths.end)) end--;
  if (end < first) throw damaged();
  const count = view.getUint16(end + 10, true);
  if (count > mostEntries) throw badFile(file, '', `it has ${grouped(count)} arrays, more than the ${mostEntries} that are read.`);
  const entries: Entry[] = [];
  for (let at = view.getUint32(end + 16, true); entries.length < count;) {
    if (!isAt(signatures.directory, at, lengths.directory)) throw damaged();
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((offset) => view.getUint16(at + offset, true)) as [
      number,
      number,
      number,
    ];
    const local = view.getUint32(at + 42, true);
    if (!isAt(signatures.local, local, lengths.local)) throw damaged();
    const data = local + lengths.local + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
    const size = view.getUint32(at + 20, true);
    if (data + size > bytes.length) throw damaged();
    entries.push({
      name: strFromU8(bytes.subarray(at + lengths.directory, at + lengths.directory + nameLength)),
      encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      packed: bytes.subarray(data, data + size),
    });
    at += lengths.directory + nameLength + extraLength + commentLength;
  }
  return entries;
}

async function inflated(packed: Uint8Array, file: string, where: string, count: (length: number) => void, turn: Turn): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  const inflate = new Inflate((data) => {
    count(data.length);
    pieces.push(data);
  });
  try {
    for (let at = 0; at < packed.length; at += piece) {
      inflate.push(packed.subarray(at, at + piece), at + piece >= packed.length);
      await turn();
    }
  } catch (cause) {
    if (cause instanceof LotkaError) throw cause;
    throw badFile(file, where, 'it is damaged or cut off.', cause);
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
