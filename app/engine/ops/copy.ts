import type { Tensor } from '../graph.ts';
import { COPY } from '../kernels/opcodes.ts';

/** A copy in memory of its own. Compiling uses it where a result must stand at a fixed place; gradient: upstream. */
export function copy(x: Tensor): Tensor {
  return x.graph.apply({
    name: 'copy',
    inputs: [x],
    shape: x.shape,
    rowwise: [0],
    exact: true,
    again: ([values]) => copy(values),
    flops: 0,
    linear: 'jointly',
    gradient: (upstream) => [upstream],
    evaluate: ([values], output) => output.set(values),
    lower: (target) => target.call(COPY, target.address(x), target.output, x.size * target.width),
  });
}
