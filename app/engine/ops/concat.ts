import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { COPY_COLUMNS } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';
import { sliceColumns } from './sliceColumns.ts';

/**
 * Matrices side by side: [n, m1], [n, m2], ... -> [n, m1 + m2 + ...].
 * Gradients: the columns of the upstream gradient that belong to each part.
 * @throws LotkaError if there is no part or the numbers of rows differ
 */
export function concat(parts: readonly Tensor[]): Tensor {
  if (parts.length === 0) throw new LotkaError('bad-input', 'concat: give at least one matrix.');
  const widths = parts.map((part) => requireMatrix('concat', 'every part', part.shape)[1]);
  const rows = parts[0].shape[0];
  const odd = parts.find((part) => part.shape[0] !== rows);
  if (odd) throw new LotkaError('bad-input', `concat: every part must have ${rows} rows like the first, but one has ${odd.shape[0]}.`);
  const starts = widths.map((_, index) => widths.slice(0, index).reduce((sum, width) => sum + width, 0));
  const columns = widths.reduce((sum, width) => sum + width, 0);
  return parts[0].graph.apply({
    name: 'concat',
    inputs: parts,
    shape: [rows, columns],
    attributes: [],
    rowwise: parts.map((_, index) => index),
    exact: true,
    again: concat,
    flops: 0,
    linear: 'jointly',
    gradient: (upstream, _result, wanted) =>
      parts.map((_, index) => (wanted[index] ? sliceColumns(upstream, starts[index], widths[index]) : undefined)),
    evaluate: (inputs, output) => {
      inputs.forEach((values, index) => {
        const width = widths[index];
        for (let i = 0; i < rows; i++) output.set(values.subarray(i * width, (i + 1) * width), i * columns + starts[index]);
      });
    },
    lower: (target) => {
      const { width } = target;
      parts.forEach((part, index) => {
        const columnsOfPart = widths[index];
        const destination = target.output + starts[index] * width;
        target.call(COPY_COLUMNS, target.address(part), columnsOfPart * width, destination, columns * width, rows, columnsOfPart);
      });
    },
  });
}
