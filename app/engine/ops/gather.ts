import { LotkaError } from '#app/protocol/errors.ts';
import type { Indices, Tensor } from '../graph.ts';
import { GATHER } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';
import { sumGathered } from './sumGathered.ts';

/**
 * Rows of a table: y[i, :] = table[indices[i], :]; table is [limit, m], the result [n, m] for n indices.
 * Gradient: rows of the upstream gradient summed by index, in ascending order of position.
 * @throws LotkaError unless the table has exactly `indices.limit` rows
 */
export function gather(table: Tensor, indices: Indices): Tensor {
  const [limit, columns] = requireMatrix('gather', 'the table', table.shape);
  if (limit !== indices.limit) {
    throw new LotkaError('bad-input', `gather: the indices are for ${indices.limit} rows, but the table has ${limit}.`);
  }
  const rows = indices.values.length;
  return table.graph.apply({
    name: 'gather',
    inputs: [table],
    shape: [rows, columns],
    flops: 0,
    gradient: (upstream) => [sumGathered(upstream, indices)],
    evaluate: ([values], output) => {
      indices.values.forEach((index, i) => output.set(values.subarray(index * columns, (index + 1) * columns), i * columns));
    },
    lower: (target) => target.call(GATHER, target.address(table), target.integers(indices.values), target.output, rows, columns),
  });
}
