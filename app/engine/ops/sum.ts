import type { Tensor } from '../graph.ts';
import { SUM } from '../kernels/opcodes.ts';
import { fill } from './fill.ts';

/** Sum of all elements, a scalar. Gradient: upstream for every element. */
export function sum(x: Tensor): Tensor {
  return scaledSum('sum', x, 1);
}

/** Factor times the sum of all elements; what `sum` and `mean` share. */
export function scaledSum(name: string, x: Tensor, factor: number): Tensor {
  return x.graph.apply({
    name,
    inputs: [x],
    shape: [],
    flops: x.size,
    gradient: (upstream) => [fill(upstream, x.shape, factor)],
    evaluate: ([values], output) => {
      let total = 0;
      for (const value of values) total += value;
      output[0] = factor * total;
    },
    lower: (target) => target.call(SUM, target.address(x), target.output, x.size, target.scalar(factor)),
  });
}
