import { SIGMOID } from '../kernels/opcodes.ts';
import { activation } from './activation.ts';
import { affine } from './affine.ts';
import { multiply } from './multiply.ts';

/** Logistic function: y = 1 / (1 + e^-x); y' = y (1 - y). Any shape. */
export const sigmoid = activation(
  'sigmoid',
  SIGMOID,
  (x) => {
    const y = 1 / (1 + Math.exp(-x));
    return [y, y * (1 - y)];
  },
  // y' (1 - 2 y)
  (_x, y) => multiply(y.auxiliary(0), affine(y, -2, 1)),
);
