import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { COPY_COLUMNS } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';
import { padColumns } from './padColumns.ts';

/**
 * Columns start .. start + count - 1 of a matrix: [n, m] -> [n, count]. Gradient: the upstream columns in their place, zeros elsewhere.
 * @throws LotkaError if the columns are not all there
 */
export function sliceColumns(x: Tensor, start: number, count: number): Tensor {
  const [rows, columns] = requireMatrix('sliceColumns', 'the argument', x.shape);
  if (!Number.isInteger(start) || !Number.isInteger(count) || start < 0 || count < 1 || start + count > columns) {
    throw new LotkaError('bad-input', `sliceColumns: columns ${start}..${start + count - 1} must lie in 0..${columns - 1}.`);
  }
  return x.graph.apply({
    name: 'sliceColumns',
    inputs: [x],
    shape: [rows, count],
    attributes: [start, count],
    rowwise: [0],
    exact: true,
    again: ([values]) => sliceColumns(values, start, count),
    flops: 0,
    linear: 'jointly',
    gradient: (upstream) => [padColumns(upstream, start, columns)],
    evaluate: ([values], output) => {
      for (let i = 0; i < rows; i++) output.set(values.subarray(i * columns + start, i * columns + start + count), i * count);
    },
    lower: (target) => {
      const { width } = target;
      target.call(COPY_COLUMNS, target.address(x) + start * width, columns * width, target.output, count * width, rows, count);
    },
  });
}
