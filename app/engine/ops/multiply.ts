import type { Tensor } from '../graph.ts';
import { MULTIPLY } from '../kernels/opcodes.ts';
import { requireSameShape } from '../shapes.ts';

/**
 * Product a * b, element by element. Gradients: upstream * b for a, upstream * a for b.
 * @throws LotkaError unless both shapes are equal
 */
export function multiply(a: Tensor, b: Tensor): Tensor {
  requireSameShape('multiply', a.shape, b.shape);
  return a.graph.apply({
    name: 'multiply',
    inputs: [a, b],
    shape: a.shape,
    attributes: [],
    rowwise: [0, 1],
    exact: true,
    again: ([left, right]) => multiply(left, right),
    flops: a.size,
    inPlace: [0, 1],
    linear: 'separately',
    gradient: (upstream, _result, [wantsA, wantsB]) => [
      wantsA ? multiply(upstream, b) : undefined,
      wantsB ? multiply(upstream, a) : undefined,
    ],
    evaluate: ([x, y], output) => {
      for (let i = 0; i < output.length; i++) output[i] = x[i] * y[i];
    },
    lower: (target) => target.call(MULTIPLY, target.address(a), target.address(b), target.output, a.size),
  });
}
