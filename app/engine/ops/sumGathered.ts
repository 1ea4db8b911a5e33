import { LotkaError } from '#app/protocol/errors.ts';
import type { Indices, Tensor } from '../graph.ts';
import { SUM_GATHERED } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';

/**
 * Sum of rows by index: y[r, :] = sum of x[i, :] over all i with indices[i] = r, i ascending; [n, m] -> [limit, m].
 * Rows never named are zero. The gradient of `gather`; it has no gradient of its own.
 * @throws LotkaError unless there is one index for each row
 */
export function sumGathered(x: Tensor, indices: Indices): Tensor {
  const [rows, columns] = requireMatrix('sumGathered', 'the argument', x.shape);
  if (rows !== indices.count) {
    throw new LotkaError('bad-input', `sumGathered: ${rows} rows need ${rows} indices, not ${indices.count}.`);
  }
  const { limit } = indices;
  return x.graph.apply({
    name: 'sumGathered',
    inputs: [x],
    shape: [limit, columns],
    attributes: [],
    again: ([values]) => sumGathered(values, indices),
    flops: x.size,
    indices: [indices],
    linear: 'jointly',
    evaluate: ([values], output, _auxiliary, step) => {
      const sums = new Float64Array(output.length);
      indices.at(step).forEach((index, i) => {
        for (let j = 0; j < columns; j++) sums[index * columns + j] += values[i * columns + j];
      });
      output.set(sums);
    },
    lower: (target) => {
      const { starts, positions } = indices.rows;
      const { period } = indices;
      target.call(
        SUM_GATHERED,
        target.address(x),
        target.integers(starts, period),
        target.integers(positions, period),
        target.output,
        limit,
        columns,
      );
    },
  });
}
