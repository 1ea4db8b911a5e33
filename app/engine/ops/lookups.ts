import type { Tensor } from '../graph.ts';
import { ADD_GATHERED } from '../kernels/opcodes.ts';
import type { Lookup, Operation } from '../operation.ts';

/**
 * Sum of rows of two tables, with a bias on every row if there is one: y[i, :] = (a[p_i, :] + b[q_i, :]) + bias, in one pass.
 * What `add` of two `gather` becomes: the same sums in the same order.
 */
export function lookups(a: Lookup, b: Lookup, bias?: Tensor): Operation {
  const rows = a.indices.count;
  const columns = a.table.shape[1];
  return {
    name: 'lookups',
    inputs: bias ? [a.table, b.table, bias] : [a.table, b.table],
    shape: [rows, columns],
    flops: (bias ? 2 : 1) * rows * columns,
    indices: [a.indices, b.indices],
    evaluate: ([left, right, row], output, _auxiliary, step) => {
      const p = a.indices.at(step);
      const q = b.indices.at(step);
      // Rounded as the separate operations would: what is stored between them has the program's precision.
      const rounded = output.slice(0, 1);
      for (let i = 0; i < rows; i++) {
        for (let j = 0; j < columns; j++) {
          rounded[0] = left[p[i] * columns + j] + right[q[i] * columns + j];
          output[i * columns + j] = row ? rounded[0] + row[j] : rounded[0];
        }
      }
    },
    lower: (target) =>
      target.call(
        ADD_GATHERED,
        target.address(a.table),
        target.integers(a.indices.values, a.indices.period),
        target.address(b.table),
        target.integers(b.indices.values, b.indices.period),
        bias ? target.address(bias) : 0,
        target.output,
        rows,
        columns,
      ),
    withBias: bias ? undefined : (row) => lookups(a, b, row),
  };
}
