import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { SWAP_MIDDLE } from '../kernels/opcodes.ts';
import { formatShape } from '../shapes.ts';

/**
 * Exchanges the two middle axes: y[i, k, j, :] = x[i, j, k, :]; [a, b, c, d] -> [a, c, b, d]. It brings heads of an attention layer
 * side by side. Gradient: the upstream gradient with the axes exchanged.
 * @throws LotkaError unless x has four axes
 */
export function swapMiddle(x: Tensor): Tensor {
  if (x.shape.length !== 4)
    throw new LotkaError('bad-input', `swapMiddle: four axes are needed, not shape ${formatShape(x.shape)}; reshape it first.`);
  const [outer, first, second, inner] = x.shape;
  return x.graph.apply({
    name: 'swapMiddle',
    inputs: [x],
    shape: [outer, second, first, inner],
    attributes: [],
    rowwise: [0],
    exact: true,
    again: ([values]) => swapMiddle(values),
    flops: 0,
    linear: 'jointly',
    gradient: (upstream) => [swapMiddle(upstream)],
    evaluate: ([values], output) => {
      for (let i = 0; i < outer; i++) {
        for (let j = 0; j < first; j++) {
          for (let k = 0; k < second; k++) {
            const from = ((i * first + j) * second + k) * inner;
            output.set(values.subarray(from, from + inner), ((i * second + k) * first + j) * inner);
          }
        }
      }
    },
    lower: (target) => target.call(SWAP_MIDDLE, target.address(x), target.output, outer, first, second, inner),
  });
}
