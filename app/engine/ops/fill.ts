import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { FILL } from '../kernels/opcodes.ts';
import { formatShape, sizeOf } from '../shapes.ts';
import type { Shape } from '../types.ts';

/**
 * A tensor whose elements all are factor * s for a scalar s. The gradient of `sum` and `mean`; it has no gradient of its own.
 * @throws LotkaError unless s is a scalar
 */
export function fill(scalar: Tensor, shape: Shape, factor: number): Tensor {
  if (scalar.size !== 1) throw new LotkaError('internal', `fill: a scalar is needed, not shape ${formatShape(scalar.shape)}.`);
  const size = sizeOf(shape);
  return scalar.graph.apply({
    name: 'fill',
    inputs: [scalar],
    shape,
    attributes: [formatShape(shape), factor],
    again: ([value]) => fill(value, shape, factor),
    flops: 0,
    linear: 'jointly',
    evaluate: ([[value]], output) => output.fill(factor * value),
    lower: (target) => target.call(FILL, target.address(scalar), target.output, size, target.scalar(factor)),
  });
}
