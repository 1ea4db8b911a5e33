import { LotkaError } from '#app/protocol/errors.ts';
import type { Indices, Tensor } from '../graph.ts';
import { SPARSE_PRODUCT, SPARSE_TRANSPOSED_PRODUCT } from '../kernels/opcodes.ts';
import type { Lowering, Operation } from '../operation.ts';
import { formatShape, requireMatrix } from '../shapes.ts';
import type { RealArray } from '../types.ts';

/**
 * A constant matrix in compressed sparse rows: row r holds `values[starts[r]] .. values[starts[r + 1] - 1]` in the columns
 * `live[columns[..]]`, ascending. Columns that are zero throughout are not in `live`.
 */
export interface SparseRows {
  readonly rows: number;
  /** All columns, dead ones included. */
  readonly width: number;
  readonly live: Int32Array;
  readonly starts: Int32Array;
  readonly columns: Int32Array;
  /** A constant of shape [numbers that are not zero]. */
  readonly values: Tensor;
}

/** `sparseMatmul` or its gradient. Backends that know no sparse matrices find here what to multiply by. */
export interface SparseOperation extends Operation {
  readonly sparse: SparseRows;
}

export function isSparse(operation: Operation): operation is SparseOperation {
  return 'sparse' in operation;
}

/** Reads a constant matrix as sparse rows; undefined if it is zero throughout. */
export function sparseRows(x: Tensor): SparseRows | undefined {
  const [rows, width] = requireMatrix('sparseRows', 'the argument', x.shape);
  const values = x.values;
  if (!values) throw new LotkaError('bad-input', `sparseRows: the matrix must be a constant, not ${x.operation.name}.`);
  const used = new Uint8Array(width);
  let count = 0;
  values.forEach((value, at) => {
    if (value === 0) return;
    used[at % width] = 1;
    count++;
  });
  if (count === 0) return undefined;
  const live = Int32Array.from([...used.keys()].filter((column) => used[column]));
  const starts = new Int32Array(rows + 1);
  const columns = new Int32Array(count);
  const numbers = new Float64Array(count);
  for (let row = 0, at = 0; row < rows; row++) {
    live.forEach((column, place) => {
      const value = values[row * width + column];
      if (value === 0) return;
      columns[at] = place;
      numbers[at++] = value;
    });
    starts[row + 1] = at;
  }
  return { rows, width, live, starts, columns, values: x.graph.constant(numbers, [count]) };
}

/** Bytes of a row of the panels that the kernels keep in scratch memory. */
const PANEL_ROW = 80;

/**
 * Product of a constant sparse matrix x, or of chosen rows of it, and a matrix: c[i, j] = sum_k x[chosen[i], k] b[k, j]; [m, k] x [k, n].
 * Gradient: db = x^T dc, whose rows are exactly zero for columns of x that are zero throughout.
 * @param chosen rows of x in the order of c; all of them unless given
 * @throws LotkaError if sizes differ
 */
export function sparseMatmul(x: SparseRows, chosen: Indices | undefined, b: Tensor): Tensor {
  const [inner, n] = requireMatrix('sparseMatmul', 'the right factor', b.shape);
  if (inner !== x.width) {
    const shape = formatShape([x.rows, x.width]);
    throw new LotkaError('bad-input', `sparseMatmul: a ${shape} matrix cannot be multiplied by one of shape ${formatShape(b.shape)}.`);
  }
  if (chosen && chosen.limit !== x.rows)
    throw new LotkaError('bad-input', `sparseMatmul: the indices are for ${chosen.limit} rows, but the matrix has ${x.rows}.`);
  return b.graph.apply(product(x, chosen, b, undefined, n));
}

function product(x: SparseRows, chosen: Indices | undefined, b: Tensor, bias: Tensor | undefined, n: number): SparseOperation {
  const m = chosen?.count ?? x.rows;
  return {
    name: 'sparseMatmul',
    sparse: x,
    inputs: bias ? [x.values, b, bias] : [x.values, b],
    shape: [m, n],
    flops: 2 * meanNonZero(x, chosen) * n + (bias ? m * n : 0),
    indices: chosen && [chosen],
    again: ([values, factor]) => sparseMatmul({ ...x, values }, chosen, factor),
    gradient: (upstream, _result, [, wantsB]) => [undefined, wantsB ? transposedProduct(x, chosen, upstream) : undefined],
    evaluate: ([values, factor, row], output, _auxiliary, step) => {
      for (let i = 0; i < m; i++) {
        const sums = new Float64Array(n);
        forRow(x, chosen?.at(step)[i] ?? i, values, (value, column) => {
          for (let j = 0; j < n; j++) sums[j] += value * factor[column * n + j];
        });
        for (let j = 0; j < n; j++) output[i * n + j] = row ? sums[j] + row[j] : sums[j];
      }
    },
    scratch: (x.live.length * PANEL_ROW) / 4,
    lower: (target) =>
      target.call(
        SPARSE_PRODUCT,
        ...places(x, chosen, target),
        target.address(b),
        target.output,
        m,
        n,
        bias ? target.address(bias) : 0,
        target.scratch,
      ),
    withBias: bias ? undefined : (row) => product(x, chosen, b, row, n),
  };
}

/** c[k, j] = sum_i x[chosen[i], k] g[i, j]: the gradient of `sparseMatmul`, and differentiated by it. */
function transposedProduct(x: SparseRows, chosen: Indices | undefined, g: Tensor): Tensor {
  const [m, n] = g.shape;
  const { width, live } = x;
  // Scratch elements have at least four bytes, as many as an integer.
  const most = mostNonZero(x, chosen);
  const starts = live.length + 2;
  const operation: SparseOperation = {
    name: 'sparseTransposedMatmul',
    sparse: x,
    inputs: [x.values, g],
    shape: [width, n],
    flops: 2 * meanNonZero(x, chosen) * n,
    indices: chosen && [chosen],
    again: ([values, upstream]) => transposedProduct({ ...x, values }, chosen, upstream),
    gradient: (upstream, _result, [, wantsG]) => [undefined, wantsG ? sparseMatmul(x, chosen, upstream) : undefined],
    evaluate: ([values, upstream], output, _auxiliary, step) => {
      const sums = new Float64Array(output.length);
      for (let i = 0; i < m; i++) {
        forRow(x, chosen?.at(step)[i] ?? i, values, (value, column) => {
          for (let j = 0; j < n; j++) sums[column * n + j] += value * upstream[i * n + j];
        });
      }
      output.set(sums);
    },
    scratch: (m * PANEL_ROW) / 4 + 2 * most + starts,
    lower: (target) => {
      const turnedValues = target.scratch + m * PANEL_ROW;
      const turnedRows = turnedValues + most * target.width;
      const turned = turnedRows + 4 * most;
      target.call(
        SPARSE_TRANSPOSED_PRODUCT,
        ...places(x, chosen, target),
        target.address(g),
        target.output,
        m,
        n,
        width,
        turned,
        turnedRows,
        turnedValues,
        target.scratch,
      );
    },
  };
  return g.graph.apply(operation);
}

/** The arguments that name the sparse rows: values, columns, starts, chosen, live, count of live columns. */
function places({ values, columns, starts, live }: SparseRows, chosen: Indices | undefined, target: Lowering): number[] {
  return [
    target.address(values),
    target.integers(columns),
    target.integers(starts),
    chosen ? target.integers(chosen.values, chosen.period) : 0,
    target.integers(live),
    live.length,
  ];
}

function forRow({ starts, columns, live }: SparseRows, row: number, values: RealArray, use: (value: number, column: number) => void): void {
  for (let at = starts[row]; at < starts[row + 1]; at++) use(values[at], live[columns[at]]);
}

/** Numbers that are not zero in the rows of every step, one count a step of the period. */
function nonZero({ starts, columns }: SparseRows, chosen: Indices | undefined): number[] {
  if (!chosen) return [columns.length];
  return Array.from({ length: chosen.period }, (_, step) => chosen.at(step).reduce((sum, row) => sum + starts[row + 1] - starts[row], 0));
}

function mostNonZero(x: SparseRows, chosen: Indices | undefined): number {
  return nonZero(x, chosen).reduce((most, count) => Math.max(most, count), 0);
}

function meanNonZero(x: SparseRows, chosen: Indices | undefined): number {
  const counts = nonZero(x, chosen);
  return Math.round(counts.reduce((sum, count) => sum + count, 0) / counts.length);
}
