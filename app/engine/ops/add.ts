import type { Tensor } from '../graph.ts';
import { ADD } from '../kernels/opcodes.ts';
import { requireSameShape } from '../shapes.ts';
import { lookups } from './lookups.ts';

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
    attributes: [],
    rowwise: [0, 1],
    exact: true,
    again: ([left, right]) => add(left, right),
    flops: a.size,
    inPlace: [0, 1],
    linear: 'jointly',
    gradient: (upstream) => [upstream, upstream],
    evaluate: ([x, y], output) => {
      for (let i = 0; i < output.length; i++) output[i] = x[i] + y[i];
    },
    lower: (target) => target.call(ADD, target.address(a), target.address(b), target.output, a.size),
    fuse: ([left, right]) =>
      left?.lookup && right?.lookup ? { operation: lookups(left.lookup, right.lookup), absorbed: [0, 1] } : undefined,
  });
}
