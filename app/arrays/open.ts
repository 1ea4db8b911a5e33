import type { ArrayFile, ArrayFormat, Opener } from './file.ts';
import { openNpy, openNpz } from './npy.ts';
import { openSafetensors } from './safetensors.ts';
import type { ByteSource } from './source.ts';
import { openTable } from './table.ts';
import { badFile, type Turn } from './words.ts';

const openers: Readonly<Record<ArrayFormat, Opener>> = { npy: openNpy, npz: openNpz, safetensors: openSafetensors, csv: openTable };

/** The format of a file of arrays by its name, null for another. */
export function arrayFormatOf(file: string): ArrayFormat | null {
  const ending = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase();
  if (ending === 'npy' || ending === 'npz' || ending === 'safetensors') return ending;
  return ending === 'csv' || ending === 'tsv' || ending === 'txt' ? 'csv' : null;
}

/** @throws LotkaError `bad-input` saying which files are read, and what to do with a checkpoint of PyTorch */
export function requireArrayFormat(file: string): ArrayFormat {
  const format = arrayFormatOf(file);
  if (format) return format;
  throw badFile(
    file,
    '',
    /\.(pt|pth|pkl|pickle|ckpt|bin)$/i.test(file)
      ? 'it is a pickle, which may run any program when it is opened; save its tensors with numpy.savez or safetensors.'
      : 'arrays are read from .npz, .npy, .safetensors and .csv; save it as one of them.',
  );
}

/**
 * What a file holds, by its headers: no values are read, whatever its size (a text table apart, which is read whole).
 * @throws LotkaError `bad-input` naming the file: of another format, damaged, cut off, made to harm
 */
export async function openArrays(source: ByteSource, turn: Turn): Promise<ArrayFile> {
  const format = requireArrayFormat(source.name);
  if (source.size === 0) throw badFile(source.name, '', 'it is empty.');
  return { file: source.name, format, arrays: await openers[format](source, turn) };
}
