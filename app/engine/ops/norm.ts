import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { SQUARE_ROOT, SUM_OF_SQUARES } from '../kernels/opcodes.ts';

/**
 * Euclidean norm of several tensors taken together, e.g. of all parameters: sqrt(sum of all squares), a scalar. Not differentiable.
 * @throws LotkaError if there is no tensor
 */
export function norm(tensors: readonly Tensor[]): Tensor {
  if (tensors.length === 0) throw new LotkaError('bad-input', 'norm: give at least one tensor.');
  return tensors[0].graph.apply({
    name: 'norm',
    inputs: tensors,
    shape: [],
    attributes: [],
    again: norm,
    flops: tensors.reduce((total, tensor) => total + 2 * tensor.size, 1),
    // One double, whatever the precision.
    scratch: 2,
    evaluate: (inputs, output) => {
      let total = 0;
      for (const values of inputs) for (const value of values) total += value * value;
      output[0] = Math.sqrt(total);
    },
    lower: (target) => {
      tensors.forEach((tensor, index) =>
        target.call(SUM_OF_SQUARES, target.address(tensor), tensor.size, target.scratch, index === 0 ? 1 : 0),
      );
      target.call(SQUARE_ROOT, target.scratch, target.output);
    },
  });
}
