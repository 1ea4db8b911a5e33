import type { Indices, Tensor } from '../graph.ts';
import { gather } from '../ops/gather.ts';
import { matmul } from '../ops/matmul.ts';
import { sparseMatmul, sparseRows, type SparseRows } from '../ops/sparseMatmul.ts';
import type { Rewriting } from './pass.ts';
import { rewrite } from './rewrite.ts';

/**
 * Share of numbers that are not zero, among columns that are not zero throughout, below which the sparse product is used. Measured on
 * whole steps of one layer (353 or 700 such columns, 40 or 200 outputs, batches of 200; f32 and f64, both builds of the kernels), the
 * sparse product is 2 times as fast as the dense one at a share of 0.2, 1.1 times at 0.5, and as fast at 0.6.
 */
const DENSEST = 0.5;

/** Share of columns that are not zero throughout below which leaving out the others is worth copying rows of the weights. */
const MOST_LIVE = 0.9;

/**
 * Leaves out of products with constant data what is zero: for x b, with x a constant or rows gathered from one, only those rows of b
 * are used that meet a number. Mostly empty data become a sparse product; else only columns that are zero throughout are left out.
 * Gradients of rows of b that meet zeros only are exactly zero either way.
 */
export function columns(roots: readonly Tensor[]): Rewriting {
  const sparseOf = memoised(sparseRows);
  const liveOf = memoised((x: Tensor) => withoutDeadColumns(x, sparseOf(x)!));
  const found = new Set<string>();
  const became = rewrite(roots, ({ operation: { name, attributes = [] } }, [left, right]) => {
    if (name !== 'matmul' || attributes[0] === true || attributes[1] === true) return undefined;
    const { x, chosen } = constantRows(left);
    const sparse = x && sparseOf(x);
    if (!sparse) return undefined;
    const { rows, live, width } = sparse;
    const count = sparse.columns.length;
    if (count < DENSEST * rows * live.length) {
      found.add(`${live.length} of ${width} input columns in use, ${percent(count / (rows * width))} of the numbers`);
      return sparseMatmul(sparse, chosen, right);
    }
    if (live.length > MOST_LIVE * width) return undefined;
    found.add(`${live.length} of ${width} input columns in use`);
    const rest = liveOf(x);
    return matmul(chosen ? gather(rest, chosen) : rest, gather(right, right.graph.indices(live, width)));
  });
  return { became, what: found.size > 0 ? [...found].join('; ') : undefined };
}

/** A constant matrix, and which rows of it are taken. */
function constantRows(tensor: Tensor): { readonly x?: Tensor; readonly chosen?: Indices } {
  if (tensor.values) return { x: tensor };
  const { name, inputs, indices } = tensor.operation;
  return name === 'gather' && inputs[0].values ? { x: inputs[0], chosen: indices?.[0] } : {};
}

/** The columns of a constant matrix that are in use. */
function withoutDeadColumns(x: Tensor, { rows, width, live }: SparseRows): Tensor {
  const values = new Float64Array(rows * live.length);
  for (let row = 0; row < rows; row++) {
    live.forEach((column, place) => (values[row * live.length + place] = x.values![row * width + column]));
  }
  return x.graph.constant(values, [rows, live.length]);
}

function memoised<T>(compute: (tensor: Tensor) => T): (tensor: Tensor) => T {
  const known = new Map<Tensor, T>();
  return (tensor) => {
    if (!known.has(tensor)) known.set(tensor, compute(tensor));
    return known.get(tensor)!;
  };
}

function percent(share: number): string {
  return `${(100 * share).toFixed(0)} %`;
}
