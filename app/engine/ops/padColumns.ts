import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { PAD_COLUMNS } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';

/**
 * A matrix with zeros around the columns of x, which become columns start .. start + m - 1 of `columns`: [n, m] -> [n, columns].
 * The gradient of `sliceColumns`; it has no gradient of its own.
 * @throws LotkaError if the columns do not fit
 */
export function padColumns(x: Tensor, start: number, columns: number): Tensor {
  const [rows, count] = requireMatrix('padColumns', 'the argument', x.shape);
  if (!Number.isInteger(start) || !Number.isInteger(columns) || start < 0 || start + count > columns) {
    throw new LotkaError('bad-input', `padColumns: ${count} columns from column ${start} on do not fit into ${columns} columns.`);
  }
  return x.graph.apply({
    name: 'padColumns',
    inputs: [x],
    shape: [rows, columns],
    attributes: [start, columns],
    rowwise: [0],
    exact: true,
    again: ([values]) => padColumns(values, start, columns),
    flops: 0,
    linear: 'jointly',
    evaluate: ([values], output) => {
      output.fill(0);
      for (let i = 0; i < rows; i++) output.set(values.subarray(i * count, (i + 1) * count), i * columns + start);
    },
    lower: (target) => target.call(PAD_COLUMNS, target.address(x), target.output, rows, count, start, columns),
  });
}
