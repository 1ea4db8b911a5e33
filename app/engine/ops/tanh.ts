import { TANH } from '../kernels/opcodes.ts';
import { activation } from './activation.ts';

/** Hyperbolic tangent: y' = 1 - y^2. Any shape. */
export const tanh = activation('tanh', TANH, (x) => {
  const y = Math.tanh(x);
  return [y, 1 - y * y];
});
