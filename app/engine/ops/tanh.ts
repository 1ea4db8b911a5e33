import { TANH } from '../kernels/opcodes.ts';
import { activation } from './activation.ts';
import { multiply } from './multiply.ts';
import { scale } from './scale.ts';

/** Hyperbolic tangent: y' = 1 - y^2. Any shape. */
export const tanh = activation(
  'tanh',
  TANH,
  (x) => {
    const y = Math.tanh(x);
    return [y, 1 - y * y];
  },
  // -2 y y'
  (_x, y) => scale(multiply(y, y.auxiliary(0)), -2),
);
