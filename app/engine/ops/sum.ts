import type { Tensor } from '../graph.ts';
import { SUM, WEIGHTED_SUM } from '../kernels/opcodes.ts';
import { fill } from './fill.ts';
import { fillRows } from './fillRows.ts';
import { requireWeights, rowsOf } from './weights.ts';

/**
 * Sum of all elements, a scalar; with weights every row counts w_i times. Gradient: upstream (times w_i) for every element.
 * @param weights constant, one number for each row (first axis); 1 unless given
 */
export function sum(x: Tensor, weights?: Tensor): Tensor {
  return scaledSum('sum', x, 1, weights, sum);
}

/** Factor times the (weighted) sum of all elements; what `sum` and `mean` share. */
export function scaledSum(
  name: string,
  x: Tensor,
  factor: number,
  weights: Tensor | undefined,
  op: (x: Tensor, weights?: Tensor) => Tensor,
): Tensor {
  const { rows, columns } = rowsOf(name, x, weights);
  if (weights) requireWeights(name, weights, rows);
  return x.graph.apply({
    name: weights ? `${name}OfWeighted` : name,
    inputs: weights ? [x, weights] : [x],
    shape: [],
    attributes: [],
    again: ([values, w]) => op(values, w),
    collapse: weights ? undefined : ([values], _rows, counts) => op(values, counts),
    flops: weights ? x.size + 2 * rows : x.size,
    linear: 'separately',
    rowTerms: weights || x.shape.length === 0 ? undefined : { inputs: [0], share: name === 'sum' ? 1 : 1 / rows },
    gradient: (upstream) => [weights ? fillRows(upstream, weights, x.shape, factor) : fill(upstream, x.shape, factor)],
    evaluate: ([values, w], output) => {
      let total = 0;
      for (let i = 0; i < values.length; i++) total += w ? w[Math.floor(i / columns)] * values[i] : values[i];
      output[0] = factor * total;
    },
    lower: (target) => {
      if (weights)
        target.call(WEIGHTED_SUM, target.address(x), target.output, rows, columns, target.address(weights), target.scalar(factor));
      else target.call(SUM, target.address(x), target.output, x.size, target.scalar(factor));
    },
  });
}
