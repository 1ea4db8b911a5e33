/** How much an imported dataset may hold: enough for small networks, little enough that no file can exhaust a machine. */
import { badFile, grouped } from '#app/arrays/words.ts';

export { grouped } from '#app/arrays/words.ts';

/** Bytes of a file. */
export const mostBytes = 128 * 1024 * 1024;
export const mostRows = 1_000_000;
export const mostColumns = 8192;
/** Rows times columns, of a file and of what a network gets. */
export const mostCells = 1 << 24;
/** Categories of a text column that become inputs of their own, one each. */
export const mostCategories = 64;
export const mostClasses = 1000;
/** Rows without which there is nothing to train on and test with. */
export const fewestRows = 4;

/** @throws LotkaError `bad-input` if a file of so many bytes is not imported */
export function requireBytes(file: string, bytes: number): void {
  if (bytes > mostBytes)
    throw badFile(
      file,
      '',
      `it has ${grouped(Math.ceil(bytes / 2 ** 20))} MB, more than the ${mostBytes / 2 ** 20} MB that Lotka imports; take a sample.`,
    );
  if (bytes === 0) throw badFile(file, '', 'it is empty.');
}
