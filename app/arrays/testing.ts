/** What tests of files of arrays share. */
import type { ArrayFile, Values } from './file.ts';
import { openArrays } from './open.ts';
import { bytesSource } from './source.ts';

export const noTurn = (): Promise<void> => Promise.resolve();

/** Opens bytes as the file of that name. */
export const opened = (bytes: Uint8Array, file: string): Promise<ArrayFile> => openArrays(bytesSource(file, bytes), noTurn);

/** Values of all arrays of a file, by name. */
export async function loaded(
  bytes: Uint8Array,
  file: string,
): Promise<Map<string, { readonly shape: readonly number[]; readonly values: Values }>> {
  const { arrays } = await opened(bytes, file);
  const all = new Map<string, { readonly shape: readonly number[]; readonly values: Values }>();
  for (const array of arrays) all.set(array.name, { shape: array.shape, values: await array.load(noTurn) });
  return all;
}

/** The sentence that a file, or the first of its arrays that cannot be read, is refused with. */
export async function refusal(bytes: Uint8Array, file: string): Promise<string> {
  try {
    await loaded(bytes, file);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('it was read');
}

/** A .safetensors file with any header before its data. */
export function safetensors(header: string, data: Uint8Array, headerLength = header.length): Uint8Array {
  const bytes = new Uint8Array(8 + header.length + data.length);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  for (let i = 0; i < header.length; i++) bytes[8 + i] = header.charCodeAt(i);
  bytes.set(data, 8 + header.length);
  return bytes;
}
