import type { Tensor } from '../graph.ts';
import { multiply } from './multiply.ts';

/**
 * An activation function y = f(x), element by element. The forward pass can also write f'(x), so the backward pass is one product:
 * gradient upstream * f'(x).
 * @param formula gives f(x) and f'(x) for one number
 * @param curvature builds f''(x); absent where it is zero
 * @param kernel has the signature (x, y, derivative or 0, count)
 */
export function activation(
  name: string,
  kernel: number,
  formula: (x: number) => readonly [value: number, derivative: number],
  curvature?: (x: Tensor, result: Tensor) => Tensor,
) {
  const op = (x: Tensor): Tensor =>
    x.graph.apply({
      name,
      inputs: [x],
      shape: x.shape,
      attributes: [],
      rowwise: [0],
      again: ([values]) => op(values),
      auxiliary: [x.shape],
      flops: 4 * x.size,
      inPlace: [0],
      gradient: (upstream, result) => [multiply(upstream, result.auxiliary(0))],
      tangent: ([dx], result, part) => {
        if (part === 'value') return dx && multiply(dx, result.auxiliary(0));
        return dx && curvature && multiply(dx, curvature(x, result));
      },
      evaluate: ([values], output, [derivatives]) => {
        for (let i = 0; i < output.length; i++) [output[i], derivatives[i]] = formula(values[i]);
      },
      lower: (target) => target.call(kernel, target.address(x), target.output, target.auxiliary(0), x.size),
    });
  return op;
}
