import { GELU } from '../kernels/opcodes.ts';
import { activation } from './activation.ts';

/**
 * GELU in its tanh form (Hendrycks & Gimpel 2016; PyTorch's `approximate='tanh'`):
 * y = x/2 (1 + tanh u) = x s(2u) with u = sqrt(2/pi) (x + 0.044715 x^3) and the logistic s. Any shape.
 */
export const gelu = activation('gelu', GELU, (x) => {
  const u = 0.7978845608028654 * (x + 0.044715 * x * x * x);
  const s = 1 / (1 + Math.exp(-2 * u));
  const slope = 0.7978845608028654 * (1 + 3 * 0.044715 * x * x);
  return [x * s, s + 2 * x * s * (1 - s) * slope];
});
