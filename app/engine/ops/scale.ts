import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { SCALE } from '../kernels/opcodes.ts';

/**
 * Multiplication by a fixed number: c * x. Gradient: c * upstream.
 * @throws LotkaError unless the factor is finite
 */
export function scale(x: Tensor, factor: number): Tensor {
  if (!Number.isFinite(factor)) throw new LotkaError('bad-input', `scale: the factor must be a finite number, not ${factor}.`);
  return x.graph.apply({
    name: 'scale',
    inputs: [x],
    shape: x.shape,
    attributes: [factor],
    rowwise: [0],
    // Kernels multiply by the factor in the program's precision.
    exact: Math.fround(factor) === factor,
    again: ([values]) => scale(values, factor),
    flops: x.size,
    inPlace: [0],
    linear: 'jointly',
    gradient: (upstream) => [scale(upstream, factor)],
    evaluate: ([values], output) => {
      for (let i = 0; i < output.length; i++) output[i] = factor * values[i];
    },
    lower: (target) => target.call(SCALE, target.address(x), target.output, x.size, target.scalar(factor)),
  });
}
