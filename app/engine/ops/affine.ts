import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { AFFINE } from '../kernels/opcodes.ts';
import { scale } from './scale.ts';

/**
 * factor * x + offset with fixed numbers, element by element. Gradient: factor * upstream.
 * @throws LotkaError unless both numbers are finite
 */
export function affine(x: Tensor, factor: number, offset: number): Tensor {
  if (!Number.isFinite(factor) || !Number.isFinite(offset))
    throw new LotkaError('bad-input', `affine: factor and offset must be finite numbers, not ${factor} and ${offset}.`);
  return x.graph.apply({
    name: 'affine',
    inputs: [x],
    shape: x.shape,
    attributes: [factor, offset],
    rowwise: [0],
    again: ([values]) => affine(values, factor, offset),
    flops: 2 * x.size,
    inPlace: [0],
    tangent: ([slope]) => slope && scale(slope, factor),
    gradient: (upstream) => [scale(upstream, factor)],
    evaluate: ([values], output) => {
      for (let i = 0; i < output.length; i++) output[i] = factor * values[i] + offset;
    },
    lower: (target) => target.call(AFFINE, target.address(x), target.output, x.size, target.scalar(factor), target.scalar(offset)),
  });
}
