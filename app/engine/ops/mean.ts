import type { Tensor } from '../graph.ts';
import { scaledSum } from './sum.ts';
import { requireWeights, rowsOf } from './weights.ts';

/**
 * Mean of all n elements, a scalar; with weights every row counts w_i times. Gradient: upstream / n for every element.
 * @param weights constant, one number for each row (first axis); 1 unless given
 */
export function mean(x: Tensor, weights?: Tensor): Tensor {
  const { rows, columns } = rowsOf('mean', x, weights);
  const total = columns * (weights ? requireWeights('mean', weights, rows) : rows);
  return scaledSum('mean', x, 1 / total, weights, mean);
}
