import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { FILL_ROWS } from '../kernels/opcodes.ts';
import { formatShape, sizeOf } from '../shapes.ts';
import type { Shape } from '../types.ts';

/**
 * A tensor whose row i (first axis) is filled with factor * s * w_i for a scalar s and one weight a row.
 * The gradient of the weighted `sum` and `mean`; it has no gradient of its own.
 * @throws LotkaError unless s is a scalar and there is one weight for each row
 */
export function fillRows(scalar: Tensor, weights: Tensor, shape: Shape, factor: number): Tensor {
  const [rows] = shape;
  const columns = sizeOf(shape) / rows;
  if (scalar.size !== 1 || weights.size !== rows) {
    const given = `${formatShape(scalar.shape)} and ${formatShape(weights.shape)}`;
    throw new LotkaError('internal', `fillRows: a scalar and ${rows} weights are needed, not ${given}.`);
  }
  return scalar.graph.apply({
    name: 'fillRows',
    inputs: [scalar, weights],
    shape,
    attributes: [formatShape(shape), factor],
    again: ([value, w]) => fillRows(value, w, shape, factor),
    flops: 2 * rows,
    linear: 'separately',
    evaluate: ([[value], w], output) => {
      for (let i = 0; i < output.length; i++) output[i] = factor * value * w[Math.floor(i / columns)];
    },
    lower: (target) =>
      target.call(FILL_ROWS, target.address(scalar), target.address(weights), target.output, rows, columns, target.scalar(factor)),
  });
}
