import type { Tensor } from '../graph.ts';
import { ROUNDING_ACCURACY } from '../kernels/opcodes.ts';
import { requireSameShape } from '../shapes.ts';

/**
 * Fraction of elements of `prediction` that equal those of `target` once rounded to the nearest whole number, a scalar in 0..1.
 * Halves go to the even neighbour, as in NumPy and PyTorch; NaN is never right. Not differentiable.
 * @throws LotkaError unless both shapes are equal
 */
export function roundingAccuracy(prediction: Tensor, target: Tensor): Tensor {
  requireSameShape('roundingAccuracy', prediction.shape, target.shape);
  return prediction.graph.apply({
    name: 'roundingAccuracy',
    inputs: [prediction, target],
    shape: [],
    attributes: [],
    again: ([a, b]) => roundingAccuracy(a, b),
    flops: 0,
    evaluate: ([a, b], output) => {
      let right = 0;
      for (let i = 0; i < a.length; i++) if (roundHalfToEven(a[i]) === b[i]) right++;
      output[0] = right / a.length;
    },
    lower: (program) =>
      program.call(ROUNDING_ACCURACY, program.address(prediction), program.address(target), program.output, prediction.size),
  });
}

function roundHalfToEven(x: number): number {
  const low = Math.floor(x);
  const rest = x - low;
  return rest === 0.5 ? low + (low % 2 === 0 ? 0 : 1) : low + (rest > 0.5 ? 1 : 0);
}
