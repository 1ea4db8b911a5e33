import type { Indices, Tensor } from '../graph.ts';
import { add } from '../ops/add.ts';
import { addBias } from '../ops/addBias.ts';
import { gather } from '../ops/gather.ts';
import { matmul } from '../ops/matmul.ts';
import { reshape } from '../ops/reshape.ts';
import { scale } from '../ops/scale.ts';
import { Identity } from './identity.ts';
import { counted, type Rewriting } from './pass.ts';
import { readInParts, rewrite } from './rewrite.ts';

/**
 * A gathered and added number takes as long as this many operations of a matrix product, forward and backward. Measured: with two tokens
 * of width 2 side by side, 4 operations a number and token, tables and product take equal time; from width 4 on tables are faster.
 */
const MOVE = 3;

/** factor * rows of a table. */
interface Term {
  readonly table: Tensor;
  readonly indices: Indices;
  readonly factor: number;
}

/** A sum of rows of tables and a bias. */
interface Sum {
  readonly terms: readonly Term[];
  readonly bias: Tensor | undefined;
}

/**
 * Computes on the rows of a table what the graph computes on rows gathered from it, when the table is smaller:
 * f(gather(E, i)) = gather(f(E), i) for every row-wise f, and with linearity
 * matmul(concat([gather(E, i), gather(E, j)]), W) = gather(E W_top, i) + gather(E W_bottom, j), likewise for sums, differences and
 * multiples of gathered rows. Equal tables are computed once.
 */
export function tables(roots: readonly Tensor[]): Rewriting {
  const identity = new Identity();
  const once = (tensor: Tensor): Tensor => identity.canonical(tensor);
  const sizes = new Set<number>();
  const layers = new Set<Tensor>();
  let others = 0;
  const fixed = readInParts(roots);
  const became = rewrite(roots, (tensor, inputs) => {
    if (fixed.has(tensor)) return undefined;
    const instead = linearOverTables(tensor, inputs, once) ?? rowsOfTable(tensor, inputs, once);
    if (!instead) return undefined;
    if (tensor.operation.name === 'matmul') layers.add(inputs[1]);
    else others++;
    instead.sizes.forEach((size) => sizes.add(size));
    return instead.tensor;
  });
  const found = layers.size > 0 ? counted(layers.size, 'linear layer') : counted(others, 'operation');
  return { became, what: sizes.size > 0 ? `${found} over ${[...sizes].join(', ')} tokens` : undefined };
}

interface Found {
  readonly tensor: Tensor;
  /** Rows of the tables in use. */
  readonly sizes: readonly number[];
}

/** f(gather(E, i), ...) as gather(f(E, ...), i) for a row-wise f whose row-wise inputs are all gathered by the same indices. */
function rowsOfTable(tensor: Tensor, inputs: readonly Tensor[], once: (tensor: Tensor) => Tensor): Found | undefined {
  const { again, rowwise = [], flops, indices: own = [] } = tensor.operation;
  const gathered = rowwise.map((position) => gatheredFrom(inputs[position]));
  const [first] = gathered;
  if (
    !again ||
    own.length > 0 ||
    tensor.shape.length !== 2 ||
    !first ||
    !gathered.every((other) => other && sameIndices(other.indices, first.indices))
  )
    return undefined;
  const { indices } = first;
  const saved = flops * (1 - indices.limit / indices.count);
  const moved = tensor.size - rowwise.reduce((sum, position) => sum + inputs[position].size, 0);
  if (saved <= Math.max(0, MOVE * moved)) return undefined;
  const table = again(inputs.map((input, position) => gathered[rowwise.indexOf(position)]?.table ?? input));
  return { tensor: once(gather(once(table), indices)), sizes: [indices.limit] };
}

/** A product with side-by-side sums of gathered rows, as a sum of rows gathered from products of the tables. */
function linearOverTables(tensor: Tensor, inputs: readonly Tensor[], once: (tensor: Tensor) => Tensor): Found | undefined {
  const { name, attributes = [] } = tensor.operation;
  const [transposeA, transposeB] = attributes;
  if (name !== 'matmul' || transposeA === true) return undefined;
  const [x, weight] = inputs;
  const [rows, columns] = tensor.shape;
  const parts = x.operation.name === 'concat' && transposeB !== true ? x.operation.inputs : [x];
  const sums = parts.map(sumOfRows);
  const terms = sums.flatMap((sum) => sum?.terms ?? []);
  if (terms.length < 2 && parts.length === 1) return undefined;

  const productFlops = (height: number, part: Tensor): number => 2 * height * part.shape[1] * columns;
  const plain = parts.reduce((sum, part) => sum + productFlops(rows, part), 0);
  const factored = parts.reduce((cost, part, index) => {
    const distinct = new Set(sums[index]?.terms.map(({ table }) => table));
    const products = sums[index]
      ? [...distinct].reduce((sum, { shape }) => sum + productFlops(shape[0], part), 0)
      : productFlops(rows, part);
    return cost + products + MOVE * rows * columns * (sums[index]?.terms.length ?? 1);
  }, 0);
  if (terms.length === 0 || factored >= plain) return undefined;

  let begin = 0;
  const factors = parts.map((part) => {
    const width = part.shape[1];
    const begins = begin;
    begin += width;
    if (parts.length === 1) return weight;
    const range = Array.from({ length: width }, (_, i) => begins + i);
    return once(gather(weight, weight.graph.indices(range, weight.shape[0])));
  });
  const times = (left: Tensor, index: number): Tensor => once(matmul(left, factors[index], { transposeB: transposeB === true }));
  // All tables come first, so that what is emitted reads like a model that keeps tables by hand.
  const addends = parts.flatMap((part, index) =>
    (sums[index]?.terms ?? [{ table: part, indices: undefined, factor: 1 }]).map(({ table, indices, factor }) => {
      const product = times(table, index);
      return { table: factor === 1 ? product : once(scale(product, factor)), indices };
    }),
  );
  const biases = sums.flatMap((sum, index) => (sum?.bias ? [times(reshape(sum.bias, [1, sum.bias.size]), index)] : []));
  const total = addends.map(({ table, indices }) => (indices ? once(gather(table, indices)) : table)).reduce((a, b) => once(add(a, b)));
  const bias = biases.length > 0 ? reshape(biases.reduce(add), [columns]) : undefined;
  return { tensor: bias ? addBias(total, bias) : total, sizes: terms.map(({ indices }) => indices.limit) };
}

/** Reads a tensor as a sum of gathered rows; undefined if it is anything else. */
function sumOfRows(tensor: Tensor): Sum | undefined {
  const own = gatheredFrom(tensor);
  if (own) return { terms: [{ ...own, factor: 1 }], bias: undefined };
  const { name, inputs, attributes = [] } = tensor.operation;
  if (!['add', 'subtract', 'scale', 'addBias'].includes(name)) return undefined;
  const left = sumOfRows(inputs[0]);
  if (!left) return undefined;
  if (name === 'scale') return times(left, Number(attributes[0]));
  if (name === 'addBias') return plus(left, { terms: [], bias: inputs[1] });
  const right = sumOfRows(inputs[1]);
  return right && plus(left, name === 'add' ? right : times(right, -1));
}

function times({ terms, bias }: Sum, factor: number): Sum {
  return { terms: terms.map((term) => ({ ...term, factor: term.factor * factor })), bias: bias && scale(bias, factor) };
}

function plus(a: Sum, b: Sum): Sum {
  return { terms: [...a.terms, ...b.terms], bias: a.bias && b.bias ? add(a.bias, b.bias) : (a.bias ?? b.bias) };
}

function gatheredFrom(tensor: Tensor): { readonly table: Tensor; readonly indices: Indices } | undefined {
  const { name, inputs, indices } = tensor.operation;
  return name === 'gather' && indices ? { table: inputs[0], indices: indices[0] } : undefined;
}

function sameIndices(a: Indices, b: Indices): boolean {
  return a === b || (a.limit === b.limit && a.count === b.count && a.values.every((value, position) => value === b.values[position]));
}
