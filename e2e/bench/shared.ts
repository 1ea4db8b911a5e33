/**
 * What every engine and peer of a workload starts from, in two files: settings and a table of arrays as JSON, the numbers as
 * little-endian binary. So nobody can have another initialisation, order of data or hyper-parameter than the others.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import type { Precision, RealArray } from '#app/engine/index.ts';
import { stream } from '#app/numerics/random.ts';

const ArrayPlace = z.object({ type: z.enum(['f32', 'f64', 'i32']), offset: z.number().int(), shape: z.array(z.number().int()) });
const Header = z.object({
  workload: z.string(),
  precision: z.enum(['f32', 'f64']),
  settings: z.record(z.string(), z.number()),
  /** File of the numbers, beside this one. */
  data: z.string(),
  arrays: z.record(z.string(), ArrayPlace),
});

export interface SharedArray {
  readonly shape: readonly number[];
  readonly values: RealArray | Int32Array;
}

/** Settings and arrays of a workload. Parameters are the arrays named `init/<parameter>`. */
export interface Shared {
  readonly workload: string;
  readonly precision: Precision;
  readonly settings: Readonly<Record<string, number>>;
  readonly arrays: Readonly<Record<string, SharedArray>>;
}

export const initialPrefix = 'init/';

/** How many perturbed initialisations the shared file holds, and how large their relative perturbation is: one rounding error. */
export const perturbations = 3;
export const perturbedPrefix = (index: number): string => `perturbed${index}/`;
const roundingError = { f32: 2 ** -24, f64: 2 ** -53 } as const;

/** Values rounded to a workload's precision. */
export function real(precision: Precision, values: ArrayLike<number>, shape: readonly number[]): SharedArray {
  return { shape, values: precision === 'f64' ? Float64Array.from(values) : Float32Array.from(values) };
}

export const whole = (values: ArrayLike<number>, shape: readonly number[] = [values.length]): SharedArray => ({
  shape,
  values: Int32Array.from(values),
});

/** The parameters of a shared file that begin with a prefix, by name. */
export function parametersOf(shared: Shared, prefix = initialPrefix): Record<string, RealArray> {
  return Object.fromEntries(
    Object.entries(shared.arrays)
      .filter(([name]) => name.startsWith(prefix))
      .map(([name, { values }]) => [name.slice(prefix.length), values as RealArray]),
  );
}

/** Whole numbers of a shared file. @throws RangeError if it holds no such array */
export function wholeNumbers(shared: Shared, name: string): Int32Array {
  const found = shared.arrays[name];
  if (!(found?.values instanceof Int32Array)) throw new RangeError(`The shared file of ${shared.workload} has no whole numbers "${name}".`);
  return found.values;
}

/** Writes `<folder>/<workload>.json` and `.bin`, with the perturbed initialisations added. @returns path of the JSON file */
export function writeShared(folder: string, shared: Shared): string {
  const arrays: Record<string, SharedArray> = { ...shared.arrays };
  for (let index = 0; index < perturbations; index++) {
    const random = stream(index, 'perturbation');
    for (const [name, { shape, values }] of Object.entries(shared.arrays)) {
      if (!name.startsWith(initialPrefix)) continue;
      const moved = Float64Array.from(values, (value) => value * (1 + roundingError[shared.precision] * random.normal()));
      arrays[perturbedPrefix(index) + name.slice(initialPrefix.length)] = real(shared.precision, moved, shape);
    }
  }
  const places: z.infer<typeof Header>['arrays'] = {};
  const chunks: Uint8Array[] = [];
  let offset = 0;
  for (const [name, { shape, values }] of Object.entries(arrays)) {
    const type = values instanceof Int32Array ? 'i32' : values instanceof Float64Array ? 'f64' : 'f32';
    places[name] = { type, offset, shape: [...shape] };
    const padding = (8 - (values.byteLength % 8)) % 8;
    chunks.push(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), new Uint8Array(padding));
    offset += values.byteLength + padding;
  }
  const path = join(folder, `${shared.workload}.json`);
  const data = `${shared.workload}.bin`;
  writeFileSync(join(folder, data), Buffer.concat(chunks));
  const header: z.infer<typeof Header> = {
    workload: shared.workload,
    precision: shared.precision,
    settings: shared.settings,
    data,
    arrays: places,
  };
  writeFileSync(path, JSON.stringify(header));
  return path;
}

/** Reads what `writeShared` wrote. */
export function readShared(path: string): Shared {
  const header = Header.parse(JSON.parse(readFileSync(path, 'utf8')));
  const bytes = readFileSync(join(dirname(path), basename(header.data)));
  const buffer = bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength);
  const arrays = Object.fromEntries(
    Object.entries(header.arrays).map(([name, { type, offset, shape }]) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const values =
        type === 'i32'
          ? new Int32Array(buffer, offset, size)
          : type === 'f64'
            ? new Float64Array(buffer, offset, size)
            : new Float32Array(buffer, offset, size);
      return [name, { shape, values }];
    }),
  );
  return { workload: header.workload, precision: header.precision, settings: header.settings, arrays };
}
