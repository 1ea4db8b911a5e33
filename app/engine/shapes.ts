import { LotkaError } from '#app/protocol/errors.ts';
import type { Shape } from './types.ts';

/** Number of elements; 1 for a scalar. */
export function sizeOf(shape: Shape): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** `[2, 3]`, as messages show it. */
export function formatShape(shape: Shape): string {
  return `[${shape.join(', ')}]`;
}

export function sameShape(a: Shape, b: Shape): boolean {
  return a.length === b.length && a.every((size, axis) => size === b[axis]);
}

/** @throws LotkaError naming the op unless both shapes are equal */
export function requireSameShape(op: string, a: Shape, b: Shape): void {
  if (!sameShape(a, b)) throw new LotkaError('bad-input', `${op}: shapes ${formatShape(a)} and ${formatShape(b)} must be equal.`);
}

/** Rows and columns of a matrix. @throws LotkaError naming the op for any other rank */
export function requireMatrix(op: string, what: string, shape: Shape): readonly [rows: number, columns: number] {
  if (shape.length !== 2) throw new LotkaError('bad-input', `${op}: ${what} must be a matrix, not of shape ${formatShape(shape)}.`);
  return [shape[0], shape[1]];
}
