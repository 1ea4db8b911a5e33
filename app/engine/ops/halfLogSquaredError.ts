import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { HALF_LOG_SQUARED_ERROR } from '../kernels/opcodes.ts';
import { requireSameShape } from '../shapes.ts';
import { multiply } from './multiply.ts';
import { scale } from './scale.ts';
import { scaleBy } from './scaleBy.ts';
import { sum } from './sum.ts';
import { differenceOfTangents } from './tangents.ts';

/**
 * Mean of ln(1 + (a_i - b_i)^2) / 2 over all n elements, a scalar: quadratic for small errors, logarithmic for large ones
 * (Michaud et al. 2024, arXiv 2402.05110, where it trains recurrent networks on whole numbers).
 * Gradients: d / (1 + d^2) / n with d = a - b for a, its negative for b.
 * @throws LotkaError unless both shapes are equal
 */
export function halfLogSquaredError(a: Tensor, b: Tensor): Tensor {
  requireSameShape('halfLogSquaredError', a.shape, b.shape);
  return a.graph.apply({
    name: 'halfLogSquaredError',
    inputs: [a, b],
    shape: [],
    attributes: [],
    again: ([left, right]) => halfLogSquaredError(left, right),
    auxiliary: [a.shape, a.shape],
    flops: 6 * a.size,
    gradient: (upstream, result, [wantsA, wantsB]) => {
      const slope = scaleBy(result.auxiliary(0), upstream);
      return [wantsA ? slope : undefined, wantsB ? scale(slope, -1) : undefined];
    },
    rowTerms: a.shape.length === 0 ? undefined : { inputs: [0, 1], share: 1 / a.shape[0] },
    tangent: ([da, db], result, part) => {
      const difference = differenceOfTangents(da, db);
      if (!difference || part === 'value') return difference && sum(multiply(difference, result.auxiliary(0)));
      if (part === 0) return multiply(difference, result.auxiliary(1));
      throw new LotkaError('bad-input', 'halfLogSquaredError has no third derivative here; use squaredError where one is needed.');
    },
    evaluate: ([x, y], output, [slope, bend]) => {
      let total = 0;
      for (let i = 0; i < x.length; i++) {
        const difference = x[i] - y[i];
        const square = difference * difference;
        total += Math.log1p(square);
        slope[i] = difference / (1 + square) / x.length;
        bend[i] = (1 - square) / (1 + square) ** 2 / x.length;
      }
      output[0] = total / 2 / x.length;
    },
    lower: (target) =>
      target.call(
        HALF_LOG_SQUARED_ERROR,
        target.address(a),
        target.address(b),
        target.output,
        target.auxiliary(0),
        target.auxiliary(1),
        a.size,
      ),
  });
}
