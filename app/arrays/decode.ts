import type { ElementType } from './elements.ts';
import { fortranPlace } from './elements.ts';
import type { Values } from './file.ts';
import { badFile, type Turn } from './words.ts';

/** Elements between two turns: some milliseconds of work. */
const elementsPerTurn = 1 << 17;

/** The byte order of this machine's typed arrays. */
const machineIsLittle = new Uint8Array(Uint16Array.of(1).buffer)[0] === 1;

/** How elements lie in a file. */
export interface Layout {
  readonly type: ElementType;
  readonly little: boolean;
  readonly fortran: boolean;
  readonly shape: readonly number[];
}

/**
 * Values of an array in C order, exactly.
 * @param bytes `type.bytes` for every element of `shape`
 * @throws LotkaError `bad-input` for integers that no double holds
 */
export async function decode(bytes: Uint8Array, layout: Layout, file: string, where: string, turn: Turn): Promise<Values> {
  const { type, little, fortran, shape } = layout;
  const count = bytes.length / type.bytes;
  const isFloat = type.bytes === (type.single ? 4 : 8) && little === machineIsLittle && !fortran && isPlainFloat(type);
  if (isFloat) return type.single ? new Float32Array(aligned(bytes)) : new Float64Array(aligned(bytes));
  const values = type.single ? new Float32Array(count) : new Float64Array(count);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const read = type.reader(little);
  const place = fortran ? fortranPlace(shape) : (at: number) => at;
  const mayRound = type.bytes === 8 && !isPlainFloat(type);
  for (let i = 0; i < count; i++) {
    const value = read(view, place(i) * type.bytes);
    if (mayRound && !Number.isSafeInteger(value))
      throw badFile(file, where, 'it has whole numbers beyond 2^53, which a double does not hold; save it as float64.');
    values[i] = value;
    if (i % elementsPerTurn === elementsPerTurn - 1) await turn();
  }
  return values;
}

const probe = new DataView(new ArrayBuffer(8));
/** Whether its bytes are a binary32 or binary64: 0.5 reads back as itself. */
function isPlainFloat(type: ElementType): boolean {
  if (type.bytes < 4) return false;
  if (type.bytes === 4) probe.setFloat32(0, 0.5);
  else probe.setFloat64(0, 0.5);
  return type.reader(false)(probe, 0) === 0.5;
}

/** A copy that begins where typed arrays may. */
const aligned = (bytes: Uint8Array): ArrayBuffer => bytes.slice().buffer as ArrayBuffer;
