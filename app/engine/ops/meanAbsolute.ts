import type { Tensor } from '../graph.ts';
import { add } from './add.ts';
import { mean } from './mean.ts';
import { relu } from './relu.ts';
import { scale } from './scale.ts';

/** Mean of |x| over all n elements, a scalar: the L1 penalty. Gradient: sign(x) / n, 0 where x = 0, as PyTorch's. Any shape. */
export function meanAbsolute(x: Tensor): Tensor {
  return mean(add(relu(x), relu(scale(x, -1))));
}
