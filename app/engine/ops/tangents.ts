import type { Tensor } from '../graph.ts';
import { scale } from './scale.ts';
import { subtract } from './subtract.ts';

/** Derivative of a - b along a direction, from those of a and b; `undefined` is zero. */
export function differenceOfTangents(a: Tensor | undefined, b: Tensor | undefined): Tensor | undefined {
  if (a && b) return subtract(a, b);
  return a ?? (b && scale(b, -1));
}
