import type { Tensor } from '../graph.ts';
import { scaledSum } from './sum.ts';

/** Mean of all elements, a scalar. Gradient: upstream / n for every element. */
export function mean(x: Tensor): Tensor {
  return scaledSum('mean', x, 1 / x.size);
}
