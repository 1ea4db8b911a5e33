import { LotkaError } from '#app/protocol/errors.ts';
import type { Graph, Indices, Tensor } from '../graph.ts';
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
  const rows = indices.count;
  return table.graph.apply({
    name: 'gather',
    inputs: [table],
    shape: [rows, columns],
    attributes: [],
    exact: true,
    again: ([values]) => gather(values, indices),
    flops: 0,
    linear: 'jointly',
    gradient: (upstream) => [sumGathered(upstream, indices)],
    rowGradient: (upstream) => (indices.period === 1 ? { left: oneHot(table.graph, indices), right: upstream } : undefined),
    indices: [indices],
    lookup: { table, indices },
    evaluate: ([values], output, _auxiliary, step) => {
      indices.at(step).forEach((index, i) => output.set(values.subarray(index * columns, (index + 1) * columns), i * columns));
    },
    lower: (target) =>
      target.call(GATHER, target.address(table), target.integers(indices.values, indices.period), target.output, rows, columns),
  });
}

/** [n, limit] with a 1 in each row at its index. */
function oneHot(graph: Graph, { values, limit, count }: Indices): Tensor {
  const rows = new Float64Array(count * limit);
  values.forEach((index, i) => (rows[i * limit + index] = 1));
  return graph.constant(rows, [count, limit]);
}
