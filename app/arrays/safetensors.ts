/** Tensors of .safetensors files (https://github.com/huggingface/safetensors, README "Format"): a JSON header, then raw bytes. */
import { strFromU8 } from 'fflate';
import { product } from '#app/runs/npy.ts';
import { decode } from './decode.ts';
import { elementType, type ElementType } from './elements.ts';
import { mostArrayBytes, mostArrays, type FoundArray, type Opener } from './file.ts';
import { tooLarge } from './npy.ts';
import { readWithin } from './source.ts';
import { badFile, grouped, quoted, shapeInWords } from './words.ts';

/** Headers of more bytes are refused unread; the format's own limit is 100 MB. */
const mostHeader = 16 * 2 ** 20;

/** Types of the format by ours; all are little-endian and in C order. */
const types: Readonly<Record<string, string>> = {
  F64: 'f8',
  F32: 'f4',
  F16: 'f2',
  BF16: 'bf2',
  I64: 'i8',
  I32: 'i4',
  I16: 'i2',
  I8: 'i1',
  U64: 'u8',
  U32: 'u4',
  U16: 'u2',
  U8: 'u1',
  BOOL: 'b1',
};

interface Told {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** Tensors of a file, in the order of their bytes. */
export const openSafetensors: Opener = async (source) => {
  const file = source.name;
  if (source.size < 8) throw badFile(file, '', 'it is no .safetensors file: it is too short.');
  const start = await readWithin(source, 0, 8);
  const length = Number(new DataView(start.buffer, start.byteOffset, 8).getBigUint64(0, true));
  if (length > mostHeader)
    throw badFile(file, '', `it is no .safetensors file that can be read: its header of ${grouped(length)} bytes is too long.`);
  if (8 + length > source.size) throw badFile(file, '', 'it is cut off in its header, or no .safetensors file.');
  const text = strFromU8(await readWithin(source, 8, 8 + length));
  const told = toldBy(text, file);
  const data = 8 + length;
  requireApart(told, source.size - data, file);
  if (told.length === 0) throw badFile(file, '', 'there are no tensors in it.');
  return told.map(({ name, dtype, shape, from, to }): FoundArray => {
    const where = `tensor ${quoted(name)}`;
    const type = typeNamed(dtype);
    const trouble = !type
      ? badFile(file, where, `its elements are of type ${quoted(dtype)}, which is not read; save F32.`)
      : to - from > mostArrayBytes
        ? badFile(file, where, tooLarge(to - from))
        : null;
    return {
      name,
      shape,
      dtype,
      trouble: trouble?.message ?? null,
      async load(turn) {
        if (!type || trouble) throw trouble ?? badFile(file, where, 'it cannot be read.');
        const bytes = await readWithin(source, data + from, data + to, where);
        return decode(bytes, { type, little: true, fortran: false, shape }, file, where, turn);
      },
    };
  });
};

const typeNamed = (dtype: string): ElementType | null => (Object.hasOwn(types, dtype) ? elementType(types[dtype]!) : null);

/** What the header says of every tensor. @throws LotkaError `bad-input` if it is no header, or says what cannot be */
function toldBy(text: string, file: string): Told[] {
  const bad = (what: string): never => {
    throw badFile(file, '', `it is no .safetensors file that can be read: ${what}.`);
  };
  let header: unknown;
  try {
    header = JSON.parse(text);
  } catch {
    return bad('its header is no JSON');
  }
  if (typeof header !== 'object' || header === null || Array.isArray(header)) return bad('its header is no JSON object');
  const twice = repeatedKey(text);
  if (twice !== null) return bad(`there are two tensors ${quoted(twice)}`);
  const entries = Object.entries(header).filter(([name]) => name !== '__metadata__');
  if (entries.length > mostArrays)
    return bad(`it has ${grouped(entries.length)} tensors, more than the ${grouped(mostArrays)} that are read`);
  return entries
    .map(([name, value]: [string, unknown]): Told => {
      const { dtype, shape, data_offsets: offsets } = (typeof value === 'object' && value !== null ? value : {}) as Record<string, unknown>;
      if (typeof dtype !== 'string' || !areSizes(shape) || shape.length > 8 || !areSizes(offsets) || offsets.length !== 2)
        return bad(`tensor ${quoted(name)} does not say its type, shape and place`);
      const [from, to] = offsets as [number, number];
      const type = typeNamed(dtype);
      const count = product(shape);
      if (count > 2 ** 40 || to < from || (type && to - from !== count * type.bytes))
        return bad(
          `tensor ${quoted(name)} has ${grouped(Math.max(0, to - from))} bytes, which is not what its shape ${shapeInWords(shape)} takes`,
        );
      return { name, dtype, shape, from, to };
    })
    .sort((a, b) => a.from - b.from || a.to - b.to);
}

const areSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((size) => Number.isSafeInteger(size) && size >= 0);

function requireApart(told: readonly Told[], bytes: number, file: string): void {
  let end = 0;
  for (const { name, from, to } of told) {
    if (to > bytes) throw badFile(file, `tensor ${quoted(name)}`, 'it lies beyond the end of the file: the file is cut off or damaged.');
    if (from < end) throw badFile(file, `tensor ${quoted(name)}`, 'it overlaps another tensor; such files are not read.');
    end = to;
  }
}

/** A key that the outermost object of a JSON text has twice, as JSON.parse does not tell; null if there is none. */
function repeatedKey(text: string): string | null {
  const seen = new Set<string>();
  let depth = 0;
  let expectsKey = false;
  for (let at = 0; at < text.length; at++) {
    const character = text[at]!;
    if (character === '"') {
      const begin = at++;
      while (text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      if (depth === 1 && expectsKey) {
        const key = JSON.parse(text.slice(begin, at + 1)) as string;
        if (seen.has(key)) return key;
        seen.add(key);
        expectsKey = false;
      }
    } else if (character === '{' || character === '[') {
      depth++;
      expectsKey = depth === 1;
    } else if (character === '}' || character === ']') depth--;
    else if (character === ',' && depth === 1) expectsKey = true;
  }
  return null;
}
