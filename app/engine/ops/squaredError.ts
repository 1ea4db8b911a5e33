import type { Tensor } from '../graph.ts';
import { SQUARED_ERROR } from '../kernels/opcodes.ts';
import { requireSameShape } from '../shapes.ts';
import { scale } from './scale.ts';
import { scaleBy } from './scaleBy.ts';

/**
 * Mean squared error: (1/n) sum_i (a_i - b_i)^2 over all n elements, a scalar.
 * Gradients: 2 (a - b) / n for a, its negative for b.
 * @throws LotkaError unless both shapes are equal
 */
export function squaredError(a: Tensor, b: Tensor): Tensor {
  requireSameShape('squaredError', a.shape, b.shape);
  return a.graph.apply({
    name: 'squaredError',
    inputs: [a, b],
    shape: [],
    auxiliary: [a.shape],
    flops: 3 * a.size,
    gradient: (upstream, result, [wantsA, wantsB]) => {
      const slope = scaleBy(result.auxiliary(0), upstream);
      return [wantsA ? slope : undefined, wantsB ? scale(slope, -1) : undefined];
    },
    evaluate: ([x, y], output, [slope]) => {
      let total = 0;
      for (let i = 0; i < x.length; i++) {
        const difference = x[i] - y[i];
        total += difference * difference;
        slope[i] = (2 / x.length) * difference;
      }
      output[0] = total / x.length;
    },
    lower: (target) => target.call(SQUARED_ERROR, target.address(a), target.address(b), target.output, target.auxiliary(0), a.size),
  });
}
