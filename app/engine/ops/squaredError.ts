import type { Tensor } from '../graph.ts';
import { SQUARED_ERROR, WEIGHTED_SQUARED_ERROR } from '../kernels/opcodes.ts';
import { requireSameShape } from '../shapes.ts';
import { multiply } from './multiply.ts';
import { scale } from './scale.ts';
import { scaleBy } from './scaleBy.ts';
import { sum } from './sum.ts';
import { differenceOfTangents } from './tangents.ts';
import { requireWeights, rowsOf } from './weights.ts';

/**
 * Mean squared error: (1/n) sum_i (a_i - b_i)^2 over all n elements, a scalar; with weights every row counts w_i times.
 * Gradients: 2 (a - b) / n for a, its negative for b.
 * @param weights constant, one number for each row (first axis); 1 unless given
 * @throws LotkaError unless both shapes are equal
 */
export function squaredError(a: Tensor, b: Tensor, weights?: Tensor): Tensor {
  requireSameShape('squaredError', a.shape, b.shape);
  const { rows, columns } = rowsOf('squaredError', a, weights);
  const total = columns * (weights ? requireWeights('squaredError', weights, rows) : rows);
  return a.graph.apply({
    name: weights ? 'weightedSquaredError' : 'squaredError',
    inputs: weights ? [a, b, weights] : [a, b],
    shape: [],
    attributes: [],
    again: ([left, right, w]) => squaredError(left, right, w),
    collapse: weights ? undefined : ([left, right], _rows, counts) => squaredError(left, right, counts),
    auxiliary: [a.shape],
    flops: 3 * a.size,
    gradient: (upstream, result, [wantsA, wantsB]) => {
      const slope = scaleBy(result.auxiliary(0), upstream);
      return [wantsA ? slope : undefined, wantsB ? scale(slope, -1) : undefined];
    },
    rowTerms: weights || a.shape.length === 0 ? undefined : { inputs: [0, 1], share: 1 / rows },
    tangent: ([da, db], result, part) => {
      const difference = differenceOfTangents(da, db);
      if (!difference || part === 'value') return difference && sum(multiply(difference, result.auxiliary(0)));
      const { values: counts } = weights ?? {};
      if (!counts) return scale(difference, 2 / total);
      const factors = Float64Array.from({ length: a.size }, (_, i) => (2 / total) * counts[Math.floor(i / columns)]);
      return multiply(difference, a.graph.constant(factors, a.shape));
    },
    evaluate: ([x, y, w], output, [slope]) => {
      let sum = 0;
      for (let i = 0; i < x.length; i++) {
        const difference = x[i] - y[i];
        const weight = w ? w[Math.floor(i / columns)] : 1;
        sum += weight * difference * difference;
        slope[i] = ((2 * weight) / total) * difference;
      }
      output[0] = sum / total;
    },
    lower: (target) => {
      const places = [target.address(a), target.address(b), target.output, target.auxiliary(0)];
      if (weights) target.call(WEIGHTED_SQUARED_ERROR, ...places, rows, columns, target.address(weights), target.scalar(total));
      else target.call(SQUARED_ERROR, ...places, a.size);
    },
  });
}
