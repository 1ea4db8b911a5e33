import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { STANDARDIZE_COLUMNS } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';

/**
 * Every column with its mean subtracted and divided by its standard deviation, the unbiased one (n - 1): [n, m] -> [n, m].
 * A column of equal numbers has no scale and becomes NaN. Not differentiable.
 * @throws LotkaError unless x is a matrix of at least two rows
 */
export function standardizeColumns(x: Tensor): Tensor {
  const [rows, columns] = requireMatrix('standardizeColumns', 'the argument', x.shape);
  if (rows < 2) throw new LotkaError('bad-input', 'standardizeColumns: a standard deviation needs at least two rows.');
  return x.graph.apply({
    name: 'standardizeColumns',
    inputs: [x],
    shape: x.shape,
    attributes: [],
    again: ([y]) => standardizeColumns(y),
    flops: 6 * x.size,
    evaluate: ([values], output) => {
      for (let j = 0; j < columns; j++) {
        // Relative to the first number, so that equal numbers have exactly no variance.
        const column = Array.from({ length: rows }, (_, i) => values[i * columns + j] - values[j]);
        const mean = column.reduce((sum, value) => sum + value, 0) / rows;
        const squares = column.reduce((sum, value) => sum + (value - mean) ** 2, 0);
        const deviation = Math.sqrt(squares / (rows - 1));
        column.forEach((value, i) => (output[i * columns + j] = (value - mean) / deviation));
      }
    },
    lower: (target) => target.call(STANDARDIZE_COLUMNS, target.address(x), target.output, rows, columns),
  });
}
