/**
 * NumPy's .npy format, version 1.0, as far as Lotka writes it: C order, little-endian, f8, f4, i4, u1.
 * Files grow at their end: the header is padded so that a larger number of rows always fits in its place.
 */
import { strFromU8, strToU8 } from 'fflate';
import { LotkaError } from '#app/protocol/errors.ts';

export type NpyType = '<f8' | '<f4' | '<i4' | '|u1';
export type NpyArray = Float64Array | Float32Array | Int32Array | Uint8Array;

const constructors = { '<f8': Float64Array, '<f4': Float32Array, '<i4': Int32Array, '|u1': Uint8Array } as const;
const synonyms: Readonly<Record<string, NpyType>> = { '<f8': '<f8', '<f4': '<f4', '<i4': '<i4', '|u1': '|u1', '<u1': '|u1', u1: '|u1' };

/** Bytes of one element. */
export const bytesPerElement = (type: NpyType): number => constructors[type].BYTES_PER_ELEMENT;

/** The .npy type of a typed array. */
export const npyTypeOf = (values: NpyArray): NpyType =>
  values instanceof Float64Array ? '<f8' : values instanceof Float32Array ? '<f4' : values instanceof Int32Array ? '<i4' : '|u1';

/** A header as NumPy wrote it, whatever its type. */
export interface RawNpyHeader {
  /** NumPy's name of the type, e.g. `<f8`. */
  readonly descr: string;
  /** Whether the first index runs fastest. */
  readonly fortranOrder: boolean;
  readonly shape: readonly number[];
  /** Where the data begin, in bytes from the start of the file. */
  readonly dataOffset: number;
}

export interface NpyHeader {
  readonly type: NpyType;
  readonly shape: readonly number[];
  /** Where the data begin, in bytes from the start of the file. */
  readonly dataOffset: number;
}

const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0);
/** Digits that are kept free for the number of rows. */
const rowDigits = 12;
/** A header never needs more; longer ones are refused unread. */
const maximumHeaderLength = 4096;

export const product = (shape: readonly number[]): number => shape.reduce((size, length) => size * length, 1);

/**
 * Header of an array of `type` and `shape`. Its length depends only on the type and the sizes after the first,
 * so a header of a longer array of the same rows can overwrite it.
 */
export function npyHeader(type: NpyType, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 0 ? '()' : shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(', ')})`;
  const text = `{'descr': '${type}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const widest = text.length + (shape.length === 0 ? 0 : rowDigits - String(shape[0]).length);
  const total = Math.ceil((magic.length + 2 + widest + 1) / 64) * 64;
  const bytes = new Uint8Array(total).fill(0x20);
  bytes.set(magic);
  new DataView(bytes.buffer).setUint16(8, total - 10, true);
  bytes.set(strToU8(text), 10);
  bytes[total - 1] = 0x0a;
  return bytes;
}

/** A little of what a file says, fit to be read in a sentence whatever the bytes are. */
const printable = (text: string): string => text.slice(0, 20).replace(/[^\x20-\x7e]/g, '?');

/** A whole .npy file. @throws RangeError if the shape does not have as many elements as `values`. */
export function writeNpy(values: NpyArray, shape: readonly number[]): Uint8Array {
  if (product(shape) !== values.length) throw new RangeError(`an array of ${values.length} elements has no shape (${shape.join(', ')})`);
  const header = npyHeader(npyTypeOf(values), shape);
  const bytes = new Uint8Array(header.length + values.byteLength);
  bytes.set(header);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), header.length);
  return bytes;
}

const bad = (name: string, what: string): LotkaError =>
  new LotkaError('store-corrupt', `${name} is not a .npy file that Lotka can read: ${what}.`);

/**
 * Reads a header from the first bytes of a file, of any type and order.
 * @param name What the sentence calls the file.
 * @throws LotkaError `store-corrupt` saying what is wrong; never reads beyond `bytes`.
 */
export function readRawNpyHeader(bytes: Uint8Array, name: string): RawNpyHeader {
  if (bytes.length < 10 || magic.some((byte, i) => i < 6 && bytes[i] !== byte)) throw bad(name, 'it does not begin as one');
  const version = bytes[6]!;
  if (version !== 1 && version !== 2 && version !== 3) throw bad(name, `its format version is ${version}`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const prefix = version === 1 ? 10 : 12;
  if (bytes.length < prefix) throw bad(name, 'its header is cut off');
  const length = version === 1 ? view.getUint16(8, true) : view.getUint32(8, true);
  if (length > maximumHeaderLength) throw bad(name, `its header of ${length} bytes is too long`);
  if (bytes.length < prefix + length) throw bad(name, 'its header is cut off');
  const text = strFromU8(bytes.subarray(prefix, prefix + length), true);
  const descr = /'descr'\s*:\s*'([^']*)'/.exec(text)?.[1];
  const order = /'fortran_order'\s*:\s*(True|False)/.exec(text)?.[1];
  const sizes = /'shape'\s*:\s*\(([\d\s,]*)\)/.exec(text)?.[1];
  if (descr === undefined || order === undefined || sizes === undefined) throw bad(name, 'its header does not give type, order and shape');
  const shape = sizes
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  if (shape.some((size) => !Number.isSafeInteger(size)) || shape.length > 8 || product(shape) > 2 ** 40)
    throw bad(name, 'its shape is impossible');
  return { descr, fortranOrder: order === 'True', shape, dataOffset: prefix + length };
}

/** The same for the types that Lotka writes, in C order. */
export function readNpyHeader(bytes: Uint8Array, name: string): NpyHeader {
  const { descr, fortranOrder, shape, dataOffset } = readRawNpyHeader(bytes, name);
  const type = Object.hasOwn(synonyms, descr) ? synonyms[descr]! : null;
  if (!type) throw bad(name, `its numbers are of type ${printable(descr)}, and Lotka reads <f8, <f4, <i4 and |u1`);
  if (fortranOrder) throw bad(name, 'it is in Fortran order');
  return { type, shape, dataOffset };
}

/** Elements of `type` that lie raw in `bytes`: a view where alignment allows, a copy otherwise. */
export function elements(type: NpyType, bytes: Uint8Array): NpyArray {
  const constructor = constructors[type];
  const count = Math.floor(bytes.byteLength / constructor.BYTES_PER_ELEMENT);
  if (bytes.byteOffset % constructor.BYTES_PER_ELEMENT === 0) return new constructor(bytes.buffer as ArrayBuffer, bytes.byteOffset, count);
  return new constructor(bytes.slice(0, count * constructor.BYTES_PER_ELEMENT).buffer);
}

/**
 * A whole file.
 * @throws LotkaError `store-corrupt` if it is damaged or shorter than its shape says.
 */
export function readNpy(bytes: Uint8Array, name: string): { readonly shape: readonly number[]; readonly values: NpyArray } {
  const header = readNpyHeader(bytes, name);
  const length = product(header.shape) * bytesPerElement(header.type);
  if (bytes.length - header.dataOffset < length) throw bad(name, 'it is shorter than its header says');
  return { shape: header.shape, values: elements(header.type, bytes.subarray(header.dataOffset, header.dataOffset + length)) };
}
