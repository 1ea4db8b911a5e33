import type { StateTensor } from '../compile.ts';
import { sizeOf } from '../shapes.ts';
import type { Checkpoint } from '../types.ts';

/** What is kept under a name. @throws RangeError naming what exists */
export function requireKnown<T>(what: string, name: string, known: ReadonlyMap<string, T>): T {
  const found = known.get(name);
  if (found === undefined) throw new RangeError(`There is no ${what} "${name}"; there are: ${[...known.keys()].join(', ')}.`);
  return found;
}

/** @throws RangeError if the number of values is not what the tensor holds */
export function requireSize(name: string, expected: number, given: number): void {
  if (expected !== given) throw new RangeError(`"${name}" holds ${expected} numbers, not ${given}.`);
}

/** A number of steps to take. @throws RangeError unless a whole number >= 0 */
export function requireSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 0)
    throw new RangeError(`The number of steps must be a whole number of at least 0, not ${steps}.`);
}

/** @throws RangeError if the checkpoint lacks a tensor, holds a foreign one, or a size or the step is wrong */
export function requireCheckpoint(checkpoint: Checkpoint, state: readonly StateTensor[]): void {
  if (!Number.isInteger(checkpoint.step) || checkpoint.step < 0 || checkpoint.step >= 2 ** 31) {
    throw new RangeError(`The step of a checkpoint must be a whole number of at least 0, not ${checkpoint.step}.`);
  }
  const names = new Set(state.map(({ name }) => name));
  const foreign = Object.keys(checkpoint.arrays).find((name) => !names.has(name));
  if (foreign !== undefined) throw new RangeError(`The checkpoint holds "${foreign}", which this program does not have.`);
  for (const { name, size } of state) {
    const array = checkpoint.arrays[name];
    if (!array) throw new RangeError(`The checkpoint lacks "${name}".`);
    requireSize(name, size, array.values.length);
    requireSize(name, size, sizeOf(array.shape));
  }
}
