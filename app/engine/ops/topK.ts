import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { TOP_K } from '../kernels/opcodes.ts';
import { formatShape, requireMatrix } from '../shapes.ts';
import { multiply } from './multiply.ts';

/**
 * Keeps the k largest numbers of each row and sets the others to 0, as TopK sparse autoencoders do (Gao et al. 2024); [n, m] -> [n, m].
 * Of equal numbers the first are kept; NaN counts as the largest, so that it is not lost. Gradient: upstream where a number was kept.
 * @throws LotkaError unless x is a matrix and k a whole number in 1..m
 */
export function topK(x: Tensor, k: number): Tensor {
  const [rows, columns] = requireMatrix('topK', 'the argument', x.shape);
  return keepLargest('topK', x, rows, columns, k, (values) => topK(values, k));
}

/**
 * Keeps the n k largest numbers of a whole matrix of n rows and sets the others to 0, as BatchTopK sparse autoencoders do in training
 * (Bussmann et al. 2024): k of them a row on average. Ties, NaN and gradient as in `topK`.
 * @throws LotkaError unless x is a matrix and k a whole number in 1..m
 */
export function batchTopK(x: Tensor, k: number): Tensor {
  const [rows, columns] = requireMatrix('batchTopK', 'the argument', x.shape);
  requireCount('batchTopK', x, k, columns);
  return keepLargest('batchTopK', x, 1, rows * columns, rows * k, (values) => batchTopK(values, k));
}

function keepLargest(name: string, x: Tensor, lists: number, length: number, k: number, again: (x: Tensor) => Tensor): Tensor {
  requireCount(name, x, k, length);
  return x.graph.apply({
    name,
    inputs: [x],
    shape: x.shape,
    attributes: [k],
    rowwise: name === 'topK' ? [0] : [],
    again: ([values]) => again(values),
    auxiliary: [x.shape],
    flops: 0,
    gradient: (upstream, result) => [multiply(upstream, result.auxiliary(0))],
    // What is kept does not change for small steps.
    tangent: ([dx], result, part) => (part === 'value' ? dx && multiply(dx, result.auxiliary(0)) : undefined),
    evaluate: ([values], output, [mask]) => {
      const rank = (value: number): number => (Number.isNaN(value) ? Infinity : value);
      for (let i = 0; i < lists; i++) {
        const list = values.subarray(i * length, (i + 1) * length);
        const order = Array.from(list.keys()).sort((a, b) => {
          const nan = Number(Number.isNaN(list[b])) - Number(Number.isNaN(list[a]));
          return nan || (rank(list[a]) === rank(list[b]) ? a - b : rank(list[b]) - rank(list[a]));
        });
        output.fill(0, i * length, (i + 1) * length);
        mask.fill(0, i * length, (i + 1) * length);
        for (const j of order.slice(0, k)) {
          output[i * length + j] = list[j];
          mask[i * length + j] = 1;
        }
      }
    },
    lower: (target) => target.call(TOP_K, target.address(x), target.output, target.auxiliary(0), lists, length, k),
  });
}

function requireCount(op: string, x: Tensor, k: number, limit: number): void {
  if (!Number.isInteger(k) || k < 1 || k > limit)
    throw new LotkaError('bad-input', `${op}: k must be a whole number in 1..${limit} for shape ${formatShape(x.shape)}, not ${k}.`);
}
