import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { REPEAT_ROW } from '../kernels/opcodes.ts';
import { formatShape } from '../shapes.ts';
import { sumRows } from './sumRows.ts';

/**
 * A matrix of equal rows: y[i, j] = x[j]; [m] -> [rows, m]. Gradient: the sum over rows.
 * @throws LotkaError unless x is a vector and `rows` a positive whole number
 */
export function repeatRow(x: Tensor, rows: number): Tensor {
  if (x.shape.length !== 1) throw new LotkaError('bad-input', `repeatRow: a vector is needed, not shape ${formatShape(x.shape)}.`);
  if (!Number.isInteger(rows) || rows < 1)
    throw new LotkaError('bad-input', `repeatRow: the number of rows must be a positive whole number, not ${rows}.`);
  const columns = x.size;
  return x.graph.apply({
    name: 'repeatRow',
    inputs: [x],
    shape: [rows, columns],
    attributes: [rows],
    exact: true,
    again: ([values]) => repeatRow(values, rows),
    flops: 0,
    linear: 'jointly',
    gradient: (upstream) => [sumRows(upstream)],
    evaluate: ([values], output) => {
      for (let i = 0; i < rows; i++) output.set(values, i * columns);
    },
    lower: (target) => target.call(REPEAT_ROW, target.address(x), target.output, rows, columns),
  });
}
