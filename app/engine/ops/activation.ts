import type { Tensor } from '../graph.ts';
import { multiply } from './multiply.ts';

/**
 * An activation function y = f(x), element by element. The forward pass can also write f'(x), so the backward pass is one product:
 * gradient upstream * f'(x).
 * @param formula gives f(x) and f'(x) for one number
 * @param kernel has the signature (x, y, derivative or 0, count)
 */
export function activation(name: string, kernel: number, formula: (x: number) => readonly [value: number, derivative: number]) {
  return (x: Tensor): Tensor =>
    x.graph.apply({
      name,
      inputs: [x],
      shape: x.shape,
      auxiliary: [x.shape],
      flops: 4 * x.size,
      inPlace: [0],
      gradient: (upstream, result) => [multiply(upstream, result.auxiliary(0))],
      evaluate: ([values], output, [derivatives]) => {
        for (let i = 0; i < output.length; i++) [output[i], derivatives[i]] = formula(values[i]);
      },
      lower: (target) => target.call(kernel, target.address(x), target.output, target.auxiliary(0), x.size),
    });
}
