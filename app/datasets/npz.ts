/** Arrays as NumPy saves them: a zip of .npy files, compressed or not. */
import { elementType, fortranPlace } from '#app/arrays/elements.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { product, readRawNpyHeader } from '#app/runs/npy.ts';
import { grouped } from './limits.ts';
import { badFile, cellOf, quoted, requireSize, type Cell, type Column, type Table, type Turn } from './table.ts';
import { unzip } from './unzip.ts';

export interface NpzTable extends Table {
  /** Arrays of the file, and those that are read. */
  readonly arrays: readonly { readonly name: string; readonly shape: readonly number[]; readonly read: boolean }[];
}

interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** Element by its place in C order. */
  at(place: number): Cell;
}

/**
 * Reads an archive as a table: an array of one dimension is a column, one of more is a column for every element of a row.
 * @param chosen names of arrays; unless told, inputs and targets by their usual names, else all arrays with as many rows
 * @throws LotkaError `bad-input` naming file and array: damaged, cut off, unpacking to too much, arrays of unequal length
 */
export async function readNpz(bytes: Uint8Array, file: string, chosen: readonly string[] | undefined, turn: Turn): Promise<NpzTable> {
  const files = await unzip(bytes, file, turn);
  const arrays = [...files]
    .filter(([name]) => name.endsWith('.npy'))
    .map(([name, content]) => readArray(content, file, name.slice(0, -'.npy'.length)));
  if (arrays.length === 0) throw badFile(file, '', 'there are no arrays in it; numpy.savez(file, X=..., y=...) writes such a file.');
  const find = (name: string): NamedArray => {
    const array = arrays.find((other) => other.name === name);
    if (!array) throw badFile(file, '', `it has no array ${quoted(name)}; it has ${arrays.map((other) => quoted(other.name)).join(', ')}.`);
    return array;
  };
  const read = chosen ? chosen.map(find) : guessArrays(arrays);
  const [first] = read;
  const rows = first?.shape[0];
  if (!first || rows === undefined)
    throw badFile(file, first ? `array ${quoted(first.name)}` : '', 'it is a single number; arrays have a row for each sample.');
  for (const { name, shape } of read)
    if (shape[0] !== rows)
      throw badFile(
        file,
        `array ${quoted(name)}`,
        `it has ${shape[0] === undefined ? 'no rows' : `${grouped(shape[0])} rows`}, and ${quoted(first.name)} has ${grouped(rows)}; choose arrays that belong together.`,
      );
  const widths = read.map(({ shape }) => product(shape.slice(1)));
  requireSize(
    file,
    rows,
    widths.reduce((sum, width) => sum + width, 0),
  );
  return {
    file,
    rows,
    firstRow: 1,
    delimited: false,
    columns: read.flatMap((array, i) => columnsOf(array, widths[i]!)),
    arrays: arrays.map((array) => ({ name: array.name, shape: array.shape, read: read.includes(array) })),
  };
}

function columnsOf({ name, shape, at }: NamedArray, width: number): Column[] {
  if (shape.length === 1) return [{ name, array: null, cell: at }];
  return Array.from({ length: width }, (_, i) => ({ name: `${name} ${i + 1}`, array: name, cell: (row: number) => at(row * width + i) }));
}

const inputNames = ['x_train', 'x', 'inputs', 'data', 'features', 'images'];
const targetNames = ['y_train', 'y', 'targets', 'target', 'labels', 'label'];

/** Inputs and targets by their usual names, or all arrays that have as many rows as the longest. */
function guessArrays(arrays: readonly NamedArray[]): NamedArray[] {
  const named = (names: readonly string[]): NamedArray | undefined =>
    names.map((name) => arrays.find((array) => array.name.toLowerCase() === name)).find((array) => array !== undefined);
  const [inputs, target] = [named(inputNames), named(targetNames)];
  if (inputs && target) return [inputs, target];
  const rows = Math.max(...arrays.map(({ shape }) => shape[0] ?? 0));
  return arrays.filter(({ shape }) => shape[0] === rows);
}

type Element = (view: DataView, offset: number) => Cell;
const known = (value: number): Cell => (Number.isNaN(value) ? null : Number.isFinite(value) ? value : String(value));
function numberReader(name: string, little: boolean): Element | null {
  const read = elementType(name)?.reader(little);
  return read ? (view, at) => known(read(view, at)) : null;
}
const longestText = 1024;

function readArray(content: Uint8Array, file: string, name: string): NamedArray {
  const where = `array ${quoted(name)}`;
  let header: ReturnType<typeof readRawNpyHeader>;
  try {
    header = readRawNpyHeader(content, `${where} of ${quoted(file)}`);
  } catch (cause) {
    throw cause instanceof LotkaError ? new LotkaError('bad-input', cause.message, { cause }) : cause;
  }
  const { descr, fortranOrder, shape, dataOffset } = header;
  const parts = /^([<>|=])([a-zA-Z])(\d{0,6})$/.exec(descr);
  const [, order, kind, digits] = parts ?? [];
  const size = Number(digits);
  const little = order !== '>';
  const reader = kind === 'U' && size > 0 && size <= longestText ? textReader(size, little) : numberReader(`${kind}${size}`, little);
  if (!reader) {
    const what =
      kind === 'O' ? 'Python objects, which are never loaded; save numbers or strings' : `of type ${quoted(descr)}, which is not read`;
    throw badFile(file, where, `its elements are ${what}.`);
  }
  const bytes = kind === 'U' ? 4 * size : size;
  const count = product(shape);
  if (content.length - dataOffset < count * bytes)
    throw badFile(
      file,
      where,
      `it is cut off: ${grouped(content.length - dataOffset)} bytes where its shape (${shape.join(', ')}) takes ${grouped(count * bytes)}.`,
    );
  const view = new DataView(content.buffer, content.byteOffset + dataOffset, count * bytes);
  const inFile = fortranOrder ? fortranPlace(shape) : (place: number) => place;
  return { name, shape, at: (place) => reader(view, inFile(place) * bytes) };
}

/** UTF-32, filled with zeros. */
function textReader(length: number, little: boolean): Element {
  return (view, at) => {
    let text = '';
    for (let i = 0; i < length; i++) {
      const point = view.getUint32(at + 4 * i, little);
      if (point === 0) break;
      text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    }
    return cellOf(text);
  };
}
