import type { Tensor } from '../graph.ts';
import { SUBTRACT } from '../kernels/opcodes.ts';
import { requireSameShape } from '../shapes.ts';
import { scale } from './scale.ts';

/**
 * Difference a - b, element by element. Gradients: upstream for a, -upstream for b.
 * @throws LotkaError unless both shapes are equal
 */
export function subtract(a: Tensor, b: Tensor): Tensor {
  requireSameShape('subtract', a.shape, b.shape);
  return a.graph.apply({
    name: 'subtract',
    inputs: [a, b],
    shape: a.shape,
    attributes: [],
    rowwise: [0, 1],
    exact: true,
    again: ([left, right]) => subtract(left, right),
    flops: a.size,
    inPlace: [0, 1],
    linear: 'jointly',
    gradient: (upstream, _result, [, wantsB]) => [upstream, wantsB ? scale(upstream, -1) : undefined],
    evaluate: ([x, y], output) => {
      for (let i = 0; i < output.length; i++) output[i] = x[i] - y[i];
    },
    lower: (target) => target.call(SUBTRACT, target.address(a), target.address(b), target.output, a.size),
  });
}
