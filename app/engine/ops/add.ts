import type { Tensor } from '../graph.ts';
import { ADD } from '../kernels/opcodes.ts';
import { requireSameShape } from '../shapes.ts';

/**
 * Sum a + b, element by element. Gradients: the upstream gradient for both.
 * @throws LotkaError unless both shapes are equal
 */
export function add(a: Tensor, b: Tensor): Tensor {
  requireSameShape('add', a.shape, b.shape);
  return a.graph.apply({
    name: 'add',
    inputs: [a, b],
    shape: a.shape,
    flops: a.size,
    inPlace: [0, 1],
    gradient: (upstream) => [upstream, upstream],
    evaluate: ([x, y], output) => {
      for (let i = 0; i < output.length; i++) output[i] = x[i] + y[i];
    },
    lower: (target) => target.call(ADD, target.address(a), target.address(b), target.output, a.size),
  });
}
