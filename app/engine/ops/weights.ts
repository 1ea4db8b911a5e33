import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { formatShape } from '../shapes.ts';

/**
 * Sum of the weights of rows: a constant of one non-negative number for each row, not all zero.
 * @throws LotkaError for anything else
 */
export function requireWeights(op: string, weights: Tensor, rows: number): number {
  if (!weights.values || weights.shape.length !== 1 || weights.shape[0] !== rows) {
    const given = weights.values ? formatShape(weights.shape) : weights.operation.name;
    throw new LotkaError('bad-input', `${op}: the weights of ${rows} rows must be a constant of shape [${rows}], not ${given}.`);
  }
  const total = weights.values.reduce((sum, weight) => sum + weight, 0);
  if (!weights.values.every((weight) => weight >= 0) || !(total > 0 && total < Infinity))
    throw new LotkaError('bad-input', `${op}: weights must be finite and not negative, and one must be above zero.`);
  return total;
}

/** The numbers at some positions. */
export function pick(values: Int32Array, positions: Int32Array): Int32Array {
  return positions.map((position) => values[position]);
}

/** Sizes of the first axis and of the rest. @throws LotkaError if weights are given for a scalar */
export function rowsOf(op: string, x: Tensor, weights?: Tensor): { readonly rows: number; readonly columns: number } {
  if (x.shape.length === 0 && weights) throw new LotkaError('bad-input', `${op}: a scalar has no rows to be weighted.`);
  const rows = x.shape[0] ?? 1;
  return { rows, columns: x.size / rows };
}
