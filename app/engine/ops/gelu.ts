import { GELU } from '../kernels/opcodes.ts';
import { activation } from './activation.ts';
import { add } from './add.ts';
import { affine } from './affine.ts';
import { multiply } from './multiply.ts';
import { scale } from './scale.ts';
import { sigmoid } from './sigmoid.ts';

/**
 * GELU in its tanh form (Hendrycks & Gimpel 2016; PyTorch's `approximate='tanh'`):
 * y = x/2 (1 + tanh u) = x s(2u) with u = sqrt(2/pi) (x + 0.044715 x^3) and the logistic s. Any shape.
 */
export const gelu = activation(
  'gelu',
  GELU,
  (x) => {
    const u = 0.7978845608028654 * (x + 0.044715 * x * x * x);
    const s = 1 / (1 + Math.exp(-2 * u));
    const slope = 0.7978845608028654 * (1 + 3 * 0.044715 * x * x);
    return [x * s, s + 2 * x * s * (1 - s) * slope];
  },
  // With t = 2 u: s' (2 t' + x ((1 - 2 s) t'^2 + t''))
  (x) => {
    const factor = 2 * 0.7978845608028654;
    const square = multiply(x, x);
    const s = sigmoid(multiply(x, affine(square, factor * 0.044715, factor)));
    const slope = affine(square, factor * 3 * 0.044715, factor);
    const bend = add(multiply(affine(s, -2, 1), multiply(slope, slope)), scale(x, factor * 6 * 0.044715));
    return multiply(s.auxiliary(0), add(scale(slope, 2), multiply(x, bend)));
  },
);
