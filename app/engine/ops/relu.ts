import { RELU } from '../kernels/opcodes.ts';
import { activation } from './activation.ts';

/** Rectifier: y = max(x, 0); y' = 1 for x > 0, else 0 (0 at x = 0, as PyTorch). Any shape. */
export const relu = activation('relu', RELU, (x) => [Math.max(x, 0), x > 0 ? 1 : 0]);
