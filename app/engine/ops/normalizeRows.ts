import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { NORMALIZE_ROWS } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';
import { multiply } from './multiply.ts';
import { normalizeGradient } from './normalizeGradient.ts';
import { scale } from './scale.ts';
import { sumColumns } from './sumColumns.ts';

/**
 * Rows of mean 0 and variance 1: y = (x - mean) / sqrt(variance + epsilon) for each row, with the variance taken over all m numbers
 * (not m - 1), as layer normalisation does (Ba et al. 2016). Gradient: r (u - mean u - y mean(u y)) with r = 1 / sqrt(variance + epsilon).
 * @throws LotkaError unless x is a matrix and epsilon positive
 */
export function normalizeRows(x: Tensor, epsilon: number): Tensor {
  const [rows, columns] = requireMatrix('normalizeRows', 'the argument', x.shape);
  if (!(epsilon > 0 && epsilon < Infinity))
    throw new LotkaError('bad-input', `normalizeRows: epsilon must be a positive number, not ${epsilon}.`);
  return x.graph.apply({
    name: 'normalizeRows',
    inputs: [x],
    shape: x.shape,
    attributes: [epsilon],
    rowwise: [0],
    again: ([values]) => normalizeRows(values, epsilon),
    auxiliary: [[rows]],
    flops: 6 * x.size,
    gradient: (upstream, result) => [normalizeGradient(result, result.auxiliary(0), upstream)],
    tangent: ([dx], result, part) => {
      if (!dx) return undefined;
      const inverse = result.auxiliary(0);
      if (part === 'value') return normalizeGradient(result, inverse, dx);
      // dr = -r^3 d(variance) / 2 = -r^2 mean(y dx).
      return scale(multiply(multiply(inverse, inverse), sumColumns(multiply(result, dx))), -1 / columns);
    },
    evaluate: ([values], output, [inverse]) => {
      for (let i = 0; i < rows; i++) {
        const row = values.subarray(i * columns, (i + 1) * columns);
        let mean = 0;
        for (const value of row) mean += value / columns;
        let variance = 0;
        for (const value of row) variance += (value - mean) ** 2 / columns;
        const r = 1 / Math.sqrt(variance + epsilon);
        inverse[i] = r;
        for (let j = 0; j < columns; j++) output[i * columns + j] = (row[j] - mean) * r;
      }
    },
    lower: (target) =>
      target.call(NORMALIZE_ROWS, target.address(x), target.output, target.auxiliary(0), rows, columns, target.scalar(epsilon)),
  });
}
