/**
 * Messages as bytes, for wires that carry only bytes (WebSocket):
 * u32 length of the header (little-endian), JSON header, zeros up to a multiple of 8, then the raw typed arrays, each
 * at a multiple of 8. In the header an array is a placeholder, and so is every number that JSON cannot write.
 */
import { strFromU8, strToU8 } from 'fflate';
import { LotkaError } from './errors.ts';

type TypedArray = Float64Array | Float32Array | Int32Array | Uint8Array;

const kinds = { f64: Float64Array, f32: Float32Array, i32: Int32Array, u8: Uint8Array } as const;
type Kind = keyof typeof kinds;

/** Key that marks placeholders; an object that has it itself is wrapped. */
const mark = '$';
const numbers: Readonly<Record<string, number>> = { NaN: NaN, '+inf': Infinity, '-inf': -Infinity, '-0': -0 };

const aligned = (length: number): number => (length + 7) & ~7;

function kindOf(value: object): Kind | null {
  if (value instanceof Float64Array) return 'f64';
  if (value instanceof Float32Array) return 'f32';
  if (value instanceof Int32Array) return 'i32';
  if (value instanceof Uint8Array) return 'u8';
  return null;
}

/**
 * Bytes of a message of JSON values and typed arrays (f64, f32, i32, u8). NaN, infinities and -0 survive; `undefined`
 * fields are left out as in JSON.
 * @throws LotkaError `internal` for anything that cannot travel (functions, bigints, other buffers).
 */
export function encodeFrame(message: unknown): Uint8Array {
  const arrays: TypedArray[] = [];
  const plain = (value: unknown): unknown => {
    if (typeof value === 'number') {
      if (Number.isFinite(value) && !Object.is(value, -0)) return value;
      return { [mark]: Number.isNaN(value) ? 'NaN' : value === 0 ? '-0' : value > 0 ? '+inf' : '-inf' };
    }
    if (value === null || typeof value === 'string' || typeof value === 'boolean' || value === undefined) return value;
    if (typeof value !== 'object') throw new LotkaError('internal', `A ${typeof value} cannot travel between Lotka's processes.`);
    if (Array.isArray(value)) return value.map((item: unknown) => plain(item) ?? null);
    const kind = kindOf(value);
    if (kind) {
      arrays.push(value as TypedArray);
      return { [mark]: kind, n: (value as TypedArray).length };
    }
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer || value instanceof Map || value instanceof Set) {
      throw new LotkaError('internal', `A ${value.constructor.name} cannot travel between Lotka's processes.`);
    }
    const entries = Object.entries(value).map(([key, item]) => [key, plain(item)] as const);
    const object = Object.fromEntries(entries);
    return mark in object ? { [mark]: 'object', value: object } : object;
  };
  const header = strToU8(JSON.stringify(plain(message) ?? null));
  const start = aligned(4 + header.length);
  const total = arrays.reduce((length, array) => length + aligned(array.byteLength), start);
  const bytes = new Uint8Array(total);
  new DataView(bytes.buffer).setUint32(0, header.length, true);
  bytes.set(header, 4);
  let offset = start;
  for (const array of arrays) {
    bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
    offset += aligned(array.byteLength);
  }
  return bytes;
}

/**
 * The message of a frame. Arrays are views into `bytes` where alignment allows, copies otherwise.
 * @throws LotkaError `bad-input` for anything that `encodeFrame` cannot have made.
 */
export function decodeFrame(bytes: Uint8Array): unknown {
  const broken = (what: string): LotkaError => new LotkaError('bad-input', `A message of ${bytes.length} bytes is damaged: ${what}.`);
  if (bytes.length < 4) throw broken('it has no header');
  const headerLength = new DataView(bytes.buffer, bytes.byteOffset, 4).getUint32(0, true);
  if (headerLength > bytes.length - 4) throw broken('its header is longer than the message');
  let offset = aligned(4 + headerLength);

  const takeArray = (kind: Kind, length: unknown): TypedArray => {
    const type = kinds[kind];
    if (typeof length !== 'number' || !Number.isSafeInteger(length) || length < 0) throw broken('an array has no length');
    const byteLength = length * type.BYTES_PER_ELEMENT;
    if (byteLength > bytes.length - offset) throw broken('an array is longer than the message');
    const position = bytes.byteOffset + offset;
    offset += aligned(byteLength);
    if (position % type.BYTES_PER_ELEMENT === 0) return new type(bytes.buffer as ArrayBuffer, position, length);
    return new type(bytes.slice(position - bytes.byteOffset, position - bytes.byteOffset + byteLength).buffer);
  };
  const revive = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) value[i] = revive(value[i]);
      return value as unknown[];
    }
    const object = value as Record<string, unknown>;
    if (!Object.hasOwn(object, mark)) return reviveFields(object);
    const placeholder = object[mark];
    if (placeholder === 'object' && typeof object.value === 'object' && object.value !== null)
      return reviveFields(object.value as Record<string, unknown>);
    if (typeof placeholder === 'string' && Object.hasOwn(numbers, placeholder)) return numbers[placeholder];
    if (typeof placeholder === 'string' && Object.hasOwn(kinds, placeholder)) return takeArray(placeholder as Kind, object.n);
    throw broken('it has a placeholder of no known kind');
  };
  // Arrays were written in the order of the fields, so they are taken in that order.
  const reviveFields = (object: Record<string, unknown>): Record<string, unknown> => {
    for (const key of Object.keys(object)) {
      Object.defineProperty(object, key, { value: revive(object[key]), enumerable: true, writable: true, configurable: true });
    }
    return object;
  };

  let header: unknown;
  try {
    header = JSON.parse(strFromU8(bytes.subarray(4, 4 + headerLength)));
  } catch {
    throw broken('its header is not JSON');
  }
  return revive(header);
}
