import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { SCALE_BY } from '../kernels/opcodes.ts';
import { formatShape } from '../shapes.ts';

/**
 * Multiplication by a computed scalar: s * x. Used by gradients of scalar-valued ops, so it has no gradient of its own.
 * Multiplication by the constant 1, the gradient of a loss with respect to itself, is left out.
 * @throws LotkaError unless `factor` is a scalar
 */
export function scaleBy(x: Tensor, factor: Tensor): Tensor {
  if (factor.size !== 1)
    throw new LotkaError('internal', `scaleBy: the factor must be a scalar, not of shape ${formatShape(factor.shape)}.`);
  if (factor.values?.[0] === 1) return x;
  return x.graph.apply({
    name: 'scaleBy',
    inputs: [x, factor],
    shape: x.shape,
    attributes: [],
    rowwise: [0],
    again: ([values, scalar]) => scaleBy(values, scalar),
    flops: x.size,
    inPlace: [0],
    linear: 'separately',
    evaluate: ([values, [s]], output) => {
      for (let i = 0; i < output.length; i++) output[i] = s * values[i];
    },
    lower: (target) => target.call(SCALE_BY, target.address(x), target.output, x.size, target.address(factor)),
  });
}
