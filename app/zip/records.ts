/**
 * Records of zip archives, out of the bytes that hold them. Layout: APPNOTE.TXT of PKWARE, 4.3.7, 4.3.12, 4.3.14 to 4.3.16 and 4.5.3.
 * Nothing here trusts what it reads: null says that a record is damaged.
 */
import { strFromU8 } from 'fflate';

/** Bytes of the records, without names, comments and extra fields; the comment at an archive's end is no longer than `comment`. */
export const lengths = { local: 30, entry: 46, end: 22, comment: 0xffff, locator64: 20, end64: 56 } as const;
const signatures = { local: 0x04034b50, entry: 0x02014b50, end: 0x06054b50, end64: 0x06064b50, locator64: 0x07064b50 } as const;
/** Id of the extra field with what 32 bits do not hold. */
const extra64 = 0x0001;
/** A field of 32 bits, or of 16, that holds nothing but the word that its value is elsewhere. */
const [full32, full16] = [0xffffffff, 0xffff];

/** A file in an archive, as the directory at its end lists it. */
export interface ZipEntry {
  readonly name: string;
  readonly encrypted: boolean;
  /** 0: stored, 8: deflated. */
  readonly method: number;
  /** CRC-32 of its content. */
  readonly checksum: number;
  /** Bytes in the archive. */
  readonly packed: number;
  /** Bytes that it says it unpacks to; a claim only. */
  readonly unpacked: number;
  /** Where its local header lies, in bytes from the start of the archive. */
  readonly at: number;
}

/** Where an archive's directory lies. */
export interface DirectoryPlace {
  readonly count: number;
  readonly at: number;
  /** In bytes. */
  readonly length: number;
}

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** Where in an archive's last bytes its end record lies, which is the last of its kind; -1 if there is none. */
export function endIn(tail: Uint8Array): number {
  const view = viewOf(tail);
  let end = tail.length - lengths.end;
  while (end >= 0 && view.getUint32(end, true) !== signatures.end) end--;
  return end;
}

/** What the end record says. `wide`: some of it is in the record that a locator before it points to. */
export function endRecord(tail: Uint8Array, end: number): DirectoryPlace & { readonly wide: boolean } {
  const view = viewOf(tail);
  const told = { count: view.getUint16(end + 10, true), length: view.getUint32(end + 12, true), at: view.getUint32(end + 16, true) };
  return { ...told, wide: told.count === full16 || told.length === full32 || told.at === full32 };
}

/** Where the end record of a large archive lies, by the locator before the usual one; null if these bytes are none. */
export function locator64(bytes: Uint8Array): number | null {
  const view = viewOf(bytes);
  return bytes.length < lengths.locator64 || view.getUint32(0, true) !== signatures.locator64 ? null : number64(view, 8);
}

/** What the end record of a large archive says. */
export function endRecord64(bytes: Uint8Array): DirectoryPlace | null {
  const view = viewOf(bytes);
  if (bytes.length < lengths.end64 || view.getUint32(0, true) !== signatures.end64) return null;
  const [count, length, at] = [number64(view, 32), number64(view, 40), number64(view, 48)];
  return count === null || length === null || at === null ? null : { count, length, at };
}

/** The entries of a directory. */
export function entriesOf(directory: Uint8Array, count: number): ZipEntry[] | null {
  const view = viewOf(directory);
  const entries: ZipEntry[] = [];
  for (let at = 0; entries.length < count;) {
    if (at + lengths.entry > directory.length || view.getUint32(at, true) !== signatures.entry) return null;
    const name = at + lengths.entry;
    const extra = name + view.getUint16(at + 28, true);
    const comment = extra + view.getUint16(at + 30, true);
    const next = comment + view.getUint16(at + 32, true);
    if (next > directory.length) return null;
    const sizes = wideSizes(viewOf(directory.subarray(extra, comment)), {
      unpacked: view.getUint32(at + 24, true),
      packed: view.getUint32(at + 20, true),
      at: view.getUint32(at + 42, true),
    });
    if (!sizes) return null;
    entries.push({
      name: strFromU8(directory.subarray(name, extra)),
      encrypted: (view.getUint16(at + 8, true) & 1) !== 0,
      method: view.getUint16(at + 10, true),
      checksum: view.getUint32(at + 16, true),
      ...sizes,
    });
    at = next;
  }
  return entries;
}

/** Bytes from a local header's start to the content behind it; null if these bytes are no local header. */
export function contentAfter(header: Uint8Array): number | null {
  const view = viewOf(header);
  if (header.length < lengths.local || view.getUint32(0, true) !== signatures.local) return null;
  return lengths.local + view.getUint16(26, true) + view.getUint16(28, true);
}

type Sizes = Pick<ZipEntry, 'unpacked' | 'packed' | 'at'>;

/** Sizes and place of an entry, in this order out of the extra field where 32 bits do not hold them. */
function wideSizes(extra: DataView, told: Sizes): Sizes | null {
  if (told.unpacked !== full32 && told.packed !== full32 && told.at !== full32) return told;
  for (let field = 0; field + 4 <= extra.byteLength; field += 4 + extra.getUint16(field + 2, true)) {
    if (extra.getUint16(field, true) !== extra64) continue;
    let next = field + 4;
    const end = Math.min(extra.byteLength, next + extra.getUint16(field + 2, true));
    const wide = (value: number): number | null => {
      if (value !== full32) return value;
      next += 8;
      return next > end ? null : number64(extra, next - 8);
    };
    const [unpacked, packed, at] = [wide(told.unpacked), wide(told.packed), wide(told.at)];
    return unpacked === null || packed === null || at === null ? null : { unpacked, packed, at };
  }
  return null;
}

/** Null beyond what a number holds exactly. */
function number64(view: DataView, at: number): number | null {
  const value = Number(view.getBigUint64(at, true));
  return Number.isSafeInteger(value) ? value : null;
}
