/** Checkpoints as .npz: an uncompressed zip of .npy files that `numpy.load` opens; keys are the array names. */
import { unzipSync, zipSync, type Zippable } from 'fflate';
import type { Checkpoint, RealArray } from '#app/engine/types.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { readNpy, writeNpy } from './npy.ts';

/** Array of one element that holds the step. */
const stepName = 'step';
/** One date for all, so that equal checkpoints are equal files. */
const modified = new Date(1980, 0, 1);

/** The file of a checkpoint: `<array name>.npy` for each array and `step.npy`. */
export function writeCheckpoint(checkpoint: Checkpoint): Uint8Array {
  const files: Zippable = { [`${stepName}.npy`]: writeNpy(Int32Array.of(checkpoint.step), []) };
  for (const [name, { shape, values }] of Object.entries(checkpoint.arrays)) files[`${name}.npy`] = writeNpy(values, shape);
  return zipSync(files, { level: 0, mtime: modified });
}

/**
 * Reads what `writeCheckpoint` wrote.
 * @param name What the sentence calls the file.
 * @throws LotkaError `store-corrupt` if it is damaged.
 */
export function readCheckpoint(bytes: Uint8Array, name: string): Checkpoint {
  let files: Record<string, Uint8Array>;
  try {
    files = unzipSync(bytes, { filter: (file) => file.compression === 0 && file.originalSize <= bytes.length });
  } catch (cause) {
    throw new LotkaError('store-corrupt', `${name} is not a checkpoint that Lotka can read: it is damaged or cut off.`, { cause });
  }
  let step: number | null = null;
  const arrays: Record<string, { shape: readonly number[]; values: RealArray }> = {};
  for (const [file, content] of Object.entries(files)) {
    const { shape, values } = readNpy(content, `${file} in ${name}`);
    const array = file.replace(/\.npy$/, '');
    if (array === stepName) step = values[0] ?? null;
    else if (values instanceof Float64Array || values instanceof Float32Array) arrays[array] = { shape, values };
    else throw new LotkaError('store-corrupt', `${file} in ${name} holds integers where a network's numbers should be.`);
  }
  if (step === null || !Number.isSafeInteger(step) || step < 0)
    throw new LotkaError('store-corrupt', `${name} is not a checkpoint that Lotka can read: it names no step.`);
  return { step, arrays };
}
