import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { FRACTION_BELOW } from '../kernels/opcodes.ts';

/**
 * Fraction of the elements that are smaller than a threshold, a scalar in 0..1; NaN if any element is NaN. Not differentiable.
 * @param threshold compared in the program's precision
 * @throws LotkaError for a threshold that is NaN
 */
export function fractionBelow(x: Tensor, threshold: number): Tensor {
  if (Number.isNaN(threshold)) throw new LotkaError('bad-input', 'fractionBelow: the threshold must be a number, not NaN.');
  return x.graph.apply({
    name: 'fractionBelow',
    inputs: [x],
    shape: [],
    attributes: [threshold],
    again: ([y]) => fractionBelow(y, threshold),
    flops: x.size,
    evaluate: ([values], output) => {
      const bound = values instanceof Float32Array ? Math.fround(threshold) : threshold;
      let below = 0;
      for (const value of values) below += Number.isNaN(value) ? NaN : value < bound ? 1 : 0;
      output[0] = below / values.length;
    },
    lower: (target) => target.call(FRACTION_BELOW, target.address(x), target.output, x.size, target.scalar(threshold)),
  });
}
