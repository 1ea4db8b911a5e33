import { badFile } from './words.ts';

/** A file that is read where one wants, wherever it lies; nothing is read before it is asked for. */
export interface ByteSource {
  /** Its name without folders, for sentences; the ending tells the format. */
  readonly name: string;
  /** Bytes. */
  readonly size: number;
  /** Bytes `from` to `to` (exclusive); both lie within the file. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** A file that is in memory. */
export const bytesSource = (name: string, bytes: Uint8Array): ByteSource => ({
  name,
  size: bytes.length,
  read: (from, to) => Promise.resolve(bytes.subarray(from, to)),
});

/** Bytes `from` to `to`. @throws LotkaError `bad-input` if the file ends before */
export async function readWithin(source: ByteSource, from: number, to: number, where = ''): Promise<Uint8Array> {
  if (!(from >= 0 && to >= from && to <= source.size)) throw badFile(source.name, where, 'it is cut off or damaged.');
  const bytes = await source.read(from, to);
  if (bytes.length !== to - from) throw badFile(source.name, where, 'it became shorter while it was read; try again.');
  return bytes;
}
