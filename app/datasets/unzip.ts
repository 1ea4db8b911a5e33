/** The files of an archive as a dataset is read from: all of them, together no more than a dataset may take. */
import { bytesSource } from '#app/arrays/source.ts';
import { readEntry, zipEntries } from '#app/arrays/zip.ts';
import { mostBytes } from './limits.ts';
import { badFile, quoted, type Turn } from './table.ts';

/** Bytes that a file may unpack to: what the largest dataset takes in double precision, and a little. */
const mostUnpacked = 1.25 * mostBytes;
/** Files in an archive that are looked at. */
const mostEntries = 256;

/**
 * Unpacks an archive piece by piece, and stops when it becomes more than may be, whatever sizes it claims.
 * @returns contents by name
 * @throws LotkaError `bad-input` naming file and array: no zip, damaged, cut off, encrypted, too large
 */
export async function unzip(bytes: Uint8Array, file: string, turn: Turn): Promise<Map<string, Uint8Array>> {
  const source = bytesSource(file, bytes);
  const contents = new Map<string, Uint8Array>();
  let total = 0;
  for (const entry of await zipEntries(source, mostEntries)) {
    const count = (length: number): void => {
      total += length;
      if (total > mostUnpacked)
        throw badFile(file, `array ${quoted(entry.name)}`, `it unpacks to more than ${mostUnpacked / 2 ** 20} MB; take a sample.`);
    };
    contents.set(entry.name, await readEntry(source, entry, count, turn));
  }
  return contents;
}
