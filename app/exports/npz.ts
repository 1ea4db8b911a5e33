/** A table as a .npz file that `numpy.load` opens without pickles. */
import { strToU8, zipSync, type Zippable } from 'fflate';
import { writeNpy } from '#app/runs/npy.ts';
import { columnsOf } from './columns.ts';
import { asciiJson } from '#app/figures/provenance.ts';
import type { Table } from '#app/figures/table.ts';

/** One date for all, so that equal tables are equal files. */
const modified = new Date(1980, 0, 1);

/**
 * One array a column, of doubles or of Unicode text, named as the column (a slash in a name becomes a hyphen), and the provenance as
 * text of JSON in an array `provenance`.
 */
export function toNpz(table: Table, provenance: object): Uint8Array {
  const files: Zippable = {};
  for (const column of columnsOf(table)) {
    const name = `${column.name.replaceAll('/', '-')}.npy`;
    files[name] = column.kind === 'number' ? writeNpy(column.values, [column.values.length]) : textNpy(column.values);
  }
  files['provenance.npy'] = textNpy([asciiJson(provenance)], []);
  return zipSync(files, { level: 6, mtime: modified });
}

/** An array of text as NumPy keeps it: code points of 32 bits, padded with zeros to the longest. */
function textNpy(values: readonly string[], shape: readonly number[] = [values.length]): Uint8Array {
  const points = values.map((value) => Array.from(value, (character) => character.codePointAt(0)!));
  const longest = points.reduce((most, { length }) => Math.max(most, length), 1);
  const tuple = shape.length === 0 ? '()' : `(${shape[0]},)`;
  const text = `{'descr': '<U${longest}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const start = Math.ceil((10 + text.length + 1) / 64) * 64;
  const bytes = new Uint8Array(start + 4 * longest * values.length);
  bytes.set([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]);
  const view = new DataView(bytes.buffer);
  view.setUint16(8, start - 10, true);
  bytes.set(strToU8(text.padEnd(start - 11)), 10);
  bytes[start - 1] = 0x0a;
  for (const [row, characters] of points.entries())
    for (const [at, point] of characters.entries()) view.setUint32(start + 4 * (row * longest + at), point, true);
  return bytes;
}
