import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { SOFTMAX } from '../kernels/opcodes.ts';
import { formatShape } from '../shapes.ts';
import { softmaxGradient } from './softmaxGradient.ts';

export interface SoftmaxOptions {
  /** The last two axes are square, and row r of such a matrix sees columns 0..r only, as attention to the past wants it. */
  readonly causal?: boolean;
}

/**
 * Softmax over the last axis: y_j = e^x_j / sum_l e^x_l. Each row is shifted by its maximum, so no finite numbers overflow.
 * What is hidden by `causal` has weight 0 exactly. Gradient: y (u - sum y u) with the upstream gradient u.
 * @throws LotkaError for a scalar, or if `causal` meets matrices that are not square
 */
export function softmax(x: Tensor, options: SoftmaxOptions = {}): Tensor {
  const { causal = false } = options;
  const columns = x.shape[x.shape.length - 1];
  if (columns === undefined) throw new LotkaError('bad-input', 'softmax: a scalar has no axis to run over.');
  if (causal && x.shape[x.shape.length - 2] !== columns)
    throw new LotkaError('bad-input', `softmax: a causal one needs square matrices, not shape ${formatShape(x.shape)}.`);
  const rows = x.size / columns;
  return x.graph.apply({
    name: 'softmax',
    inputs: [x],
    shape: x.shape,
    attributes: [causal],
    rowwise: x.shape.length > (causal ? 2 : 1) ? [0] : [],
    again: ([values]) => softmax(values, options),
    flops: 4 * x.size,
    gradient: (upstream, result) => [softmaxGradient(result, upstream)],
    tangent: ([dx], result) => dx && softmaxGradient(result, dx),
    evaluate: ([values], output) => {
      for (let i = 0; i < rows; i++) {
        const seen = causal ? (i % columns) + 1 : columns;
        const row = values.subarray(i * columns, i * columns + seen);
        let largest = -Infinity;
        for (const value of row) largest = Math.max(largest, value);
        let mass = 0;
        for (const value of row) mass += Math.exp(value - largest);
        for (let j = 0; j < columns; j++) output[i * columns + j] = j < seen ? Math.exp(row[j] - largest) / mass : 0;
      }
    },
    lower: (target) => target.call(SOFTMAX, target.address(x), target.output, rows, columns, causal ? columns : 0),
  });
}
