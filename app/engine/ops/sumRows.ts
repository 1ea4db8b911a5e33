import type { Tensor } from '../graph.ts';
import { SUM_ROWS } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';

/**
 * Sum over rows: y[j] = sum_i x[i, j]; [n, m] -> [m]. The gradient of `addBias`; it has no gradient of its own.
 * @throws LotkaError unless x is a matrix
 */
export function sumRows(x: Tensor): Tensor {
  const [rows, columns] = requireMatrix('sumRows', 'the argument', x.shape);
  return x.graph.apply({
    name: 'sumRows',
    inputs: [x],
    shape: [columns],
    attributes: [],
    again: ([values]) => sumRows(values),
    flops: x.size,
    linear: 'jointly',
    evaluate: ([values], output) => {
      for (let j = 0; j < columns; j++) {
        let sum = 0;
        for (let i = 0; i < rows; i++) sum += values[i * columns + j];
        output[j] = sum;
      }
    },
    lower: (target) => target.call(SUM_ROWS, target.address(x), target.output, rows, columns),
  });
}
