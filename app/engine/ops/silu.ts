import { SILU } from '../kernels/opcodes.ts';
import { activation } from './activation.ts';
import { affine } from './affine.ts';
import { multiply } from './multiply.ts';
import { sigmoid } from './sigmoid.ts';

/** SiLU (swish): y = x s(x) with the logistic s; y' = s (1 + x (1 - s)). Any shape. */
export const silu = activation(
  'silu',
  SILU,
  (x) => {
    const s = 1 / (1 + Math.exp(-x));
    return [x * s, s * (1 + x * (1 - s))];
  },
  // s' (2 + x (1 - 2 s))
  (x) => {
    const s = sigmoid(x);
    return multiply(s.auxiliary(0), affine(multiply(x, affine(s, -2, 1)), 1, 2));
  },
);
