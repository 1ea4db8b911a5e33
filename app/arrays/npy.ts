/** Arrays of .npy files and of the members of .npz files, as NumPy itself writes them: every type of numbers, either order. */
import { LotkaError } from '#app/protocol/errors.ts';
import { product, readRawNpyHeader, type RawNpyHeader } from '#app/runs/npy.ts';
import { decode } from './decode.ts';
import { elementType, type ElementType } from './elements.ts';
import { mostArrayBytes, mostArrays, type FoundArray, type Opener } from './file.ts';
import { readWithin, type ByteSource } from './source.ts';
import { badFile, grouped, quoted, shapeInWords, type Turn } from './words.ts';
import { readEntry, readEntryStart, zipEntries } from './zip.ts';
import type { ZipEntry } from '#app/zip/records.ts';

/** Bytes in which the header of a .npy file lies: 12, and at most 4096 that it says of itself. */
const mostHeader = 12 + 4096;
const ending = '.npy';

const wholeOf = (file: string): string => file.replace(/\.[^.]+$/, '');

/** The one array of a .npy file, named after the file. */
export const openNpy: Opener = async (source) => {
  const head = await readWithin(source, 0, Math.min(source.size, mostHeader));
  const header = headerOf(head, source.name, '');
  return [
    described(header, wholeOf(source.name), source.name, '', source.size, async (bytes) =>
      readWithin(source, header.dataOffset, header.dataOffset + bytes),
    ),
  ];
};

/** Arrays of a .npz file; members that are none are passed over. */
export const openNpz: Opener = async (source, turn) => {
  const arrays: FoundArray[] = [];
  const names = new Set<string>();
  for (const entry of await zipEntries(source, mostArrays)) {
    if (!entry.name.endsWith(ending)) continue;
    const name = entry.name.slice(0, -ending.length);
    const where = `array ${quoted(name)}`;
    if (isPath(name)) throw badFile(source.name, where, 'its name leads out of the archive; such files are not read.');
    if (names.has(name)) throw badFile(source.name, where, 'there are two of this name.');
    names.add(name);
    arrays.push(await memberOf(source, entry, name, where));
    await turn();
  }
  if (arrays.length === 0)
    throw badFile(source.name, '', 'there are no arrays in it; numpy.savez(file, embedding=...) writes such a file.');
  return arrays;
};

/** Whether a name would lead elsewhere if it were taken for a path. */
const isPath = (name: string): boolean => /^[/\\]|^[a-z]:|(^|[/\\])\.\.([/\\]|$)|\0/i.test(name);

async function memberOf(source: ByteSource, entry: ZipEntry, name: string, where: string): Promise<FoundArray> {
  const header = headerOf(await readEntryStart(source, entry, mostHeader), source.name, where);
  return described(header, name, source.name, where, entry.method === 0 ? entry.packed : Infinity, async (bytes, turn) => {
    const most = header.dataOffset + bytes;
    let unpacked = 0;
    const count = (length: number): void => {
      unpacked += length;
      if (unpacked > most) throw badFile(source.name, where, `it unpacks to more than its shape ${shapeInWords(header.shape)} takes.`);
    };
    const content = await readEntry(source, entry, count, turn);
    if (content.length < most) throw cutOff(source.name, where, header, content.length, bytes);
    return content.subarray(header.dataOffset);
  });
}

function headerOf(head: Uint8Array, file: string, where: string): RawNpyHeader {
  try {
    return readRawNpyHeader(head, where === '' ? quoted(file) : `${where} of ${quoted(file)}`);
  } catch (cause) {
    throw cause instanceof LotkaError ? new LotkaError('bad-input', cause.message, { cause }) : cause;
  }
}

const cutOff = (file: string, where: string, { shape, dataOffset }: RawNpyHeader, there: number, takes: number): LotkaError =>
  badFile(
    file,
    where,
    `it is cut off: ${grouped(Math.max(0, there - dataOffset))} bytes where its shape ${shapeInWords(shape)} takes ${grouped(takes)}.`,
  );

function described(
  header: RawNpyHeader,
  name: string,
  file: string,
  where: string,
  size: number,
  data: (bytes: number, turn: Turn) => Promise<Uint8Array>,
): FoundArray {
  const { descr, shape, fortranOrder } = header;
  const known = typeOf(descr);
  const bytes = typeof known === 'string' ? 0 : product(shape) * known.type.bytes;
  const trouble =
    typeof known === 'string' ? badFile(file, where, known) : bytes > mostArrayBytes ? badFile(file, where, tooLarge(bytes)) : null;
  return {
    name,
    shape,
    dtype: `${descr}${fortranOrder && shape.length > 1 ? ', Fortran order' : ''}`,
    trouble: trouble?.message ?? null,
    async load(turn) {
      if (typeof known === 'string' || trouble) throw trouble ?? badFile(file, where, 'it cannot be read.');
      if (size < header.dataOffset + bytes) throw cutOff(file, where, header, size, bytes);
      return decode(await data(bytes, turn), { ...known, fortran: fortranOrder && shape.length > 1, shape }, file, where, turn);
    },
  };
}

/** Why an array of so many bytes is not read. */
export const tooLarge = (bytes: number): string =>
  `it has ${grouped(Math.ceil(bytes / 2 ** 20))} MB, more than the ${mostArrayBytes / 2 ** 20} MB of an array that is read; keep fewer steps of it.`;

/** The type that NumPy calls so, or why it is not read. */
function typeOf(descr: string): { readonly type: ElementType; readonly little: boolean } | string {
  const [, order, kind, digits] = /^([<>|=])([a-zA-Z])(\d{0,6})$/.exec(descr) ?? [];
  const type = elementType(`${kind ?? ''}${Number(digits)}`);
  if (type && kind !== undefined) return { type, little: order !== '>' };
  if (kind === 'O') return 'its elements are Python objects, which are never loaded; save an array of numbers.';
  if (kind === 'c') return 'its elements are complex numbers; save their real and imaginary parts as two arrays.';
  if (kind === 'U' || kind === 'S') return 'its elements are texts, and Lotka watches numbers.';
  return `its elements are of type ${quoted(descr)}, which is not read; save float32 or float64.`;
}
