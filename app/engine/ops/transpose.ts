import type { Tensor } from '../graph.ts';
import { TRANSPOSE } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';

/**
 * Transposed matrix: y[j, i] = x[i, j]; [n, m] -> [m, n]. Gradient: the transposed upstream gradient.
 * @throws LotkaError unless x is a matrix
 */
export function transpose(x: Tensor): Tensor {
  const [rows, columns] = requireMatrix('transpose', 'the argument', x.shape);
  return x.graph.apply({
    name: 'transpose',
    inputs: [x],
    shape: [columns, rows],
    attributes: [],
    exact: true,
    again: ([values]) => transpose(values),
    flops: 0,
    linear: 'jointly',
    gradient: (upstream) => [transpose(upstream)],
    evaluate: ([values], output) => {
      for (let i = 0; i < rows; i++) for (let j = 0; j < columns; j++) output[j * rows + i] = values[i * columns + j];
    },
    lower: (target) => target.call(TRANSPOSE, target.address(x), target.output, rows, columns, rows * target.width),
  });
}
