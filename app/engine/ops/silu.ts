import { SILU } from '../kernels/opcodes.ts';
import { activation } from './activation.ts';

/** SiLU (swish): y = x s(x) with the logistic s; y' = s (1 + x (1 - s)). Any shape. */
export const silu = activation('silu', SILU, (x) => {
  const s = 1 / (1 + Math.exp(-x));
  return [x * s, s * (1 + x * (1 - s))];
});
