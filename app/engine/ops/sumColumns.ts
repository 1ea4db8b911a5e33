import type { Tensor } from '../graph.ts';
import { SUM_COLUMNS } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';
import { repeatRow } from './repeatRow.ts';
import { transpose } from './transpose.ts';

/**
 * Sum over columns: y[i] = sum_j x[i, j]; [n, m] -> [n]. Gradient: the upstream number of a row for all its elements.
 * @throws LotkaError unless x is a matrix
 */
export function sumColumns(x: Tensor): Tensor {
  const [rows, columns] = requireMatrix('sumColumns', 'the argument', x.shape);
  return x.graph.apply({
    name: 'sumColumns',
    inputs: [x],
    shape: [rows],
    attributes: [],
    rowwise: [0],
    again: ([values]) => sumColumns(values),
    flops: x.size,
    linear: 'jointly',
    gradient: (upstream) => [transpose(repeatRow(upstream, columns))],
    evaluate: ([values], output) => {
      for (let i = 0; i < rows; i++) {
        let sum = 0;
        for (let j = i * columns; j < (i + 1) * columns; j++) sum += values[j];
        output[i] = sum;
      }
    },
    lower: (target) => target.call(SUM_COLUMNS, target.address(x), target.output, rows, columns),
  });
}
