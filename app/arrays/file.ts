/** What a file of arrays holds, whichever its format. */
import type { ByteSource } from './source.ts';
import type { Turn } from './words.ts';

/** Arrays of a file that are looked at. */
export const mostArrays = 4096;
/** Bytes of one array that is read, in the file and in memory. */
export const mostArrayBytes = 2 ** 29;

export type Values = Float32Array | Float64Array;

/** An array that lies in a file: known by its header alone. */
export interface FoundArray {
  readonly name: string;
  readonly shape: readonly number[];
  /** As the file calls it: `<f4` of NumPy, `BF16` of safetensors, `column` of a text table. */
  readonly dtype: string;
  /** Why its values cannot be read, one sentence; null if they can. */
  readonly trouble: string | null;
  /**
   * Its values in C order, exactly as the file has them (a Float32Array if every value is a binary32); 64-bit integers beyond 2^53
   * are refused.
   * @throws LotkaError `bad-input` naming file and array: damaged, cut off, too large, of a type that is not read
   */
  load(turn: Turn): Promise<Values>;
}

export interface ArrayFile {
  readonly file: string;
  readonly format: ArrayFormat;
  readonly arrays: readonly FoundArray[];
}

export type ArrayFormat = 'npy' | 'npz' | 'safetensors' | 'csv';

/** Reads the headers of a file of one format. */
export type Opener = (source: ByteSource, turn: Turn) => Promise<readonly FoundArray[]>;
