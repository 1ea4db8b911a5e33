import { reachable } from '../autodiff.ts';
import type { Tensor } from '../graph.ts';
import { gather } from '../ops/gather.ts';
import { pick } from '../ops/weights.ts';
import { hashOf, Identity, sameWords, words } from './identity.ts';
import type { Rewriting } from './pass.ts';
import { readInParts, rewrite } from './rewrite.ts';

/** Reductions that share rows, and everything row-wise between them and the sources of their rows, in topological order. */
interface Batch {
  readonly reductions: readonly Tensor[];
  readonly tensors: readonly Tensor[];
  readonly rows: number;
}

/**
 * Computes rows that are equal in everything that reaches a loss or measure once, and lets them count as often as they occur.
 * Two rows are equal if they gather the same rows of tables or hold the same constants, up to the order of summands and of factors,
 * go through the same operations and have the same labels.
 */
export function duplicates(roots: readonly Tensor[]): Rewriting {
  const collapsed = new Map<Tensor, Collapse>();
  const found = new Set<string>();
  for (const batch of batches(roots)) {
    const { representatives, counts } = distinctRows(batch);
    if (representatives.length === batch.rows) continue;
    const collapse = new Collapse(batch, representatives, counts);
    for (const reduction of batch.reductions) collapsed.set(reduction, collapse);
    found.add(`${batch.rows} -> ${representatives.length}`);
  }
  const became = rewrite(roots, (tensor, _inputs, become) => collapsed.get(tensor)?.reduce(tensor, become));
  return { became, what: found.size > 0 ? `rows ${[...found].join(', ')}` : undefined };
}

/** A batch computed for one row of each kind. */
class Collapse {
  readonly #batch: Batch;
  readonly #rows: Int32Array;
  readonly #counts: Tensor;
  #chosen: Map<Tensor, Tensor> | undefined;

  constructor(batch: Batch, rows: Int32Array, counts: Float64Array) {
    this.#batch = batch;
    this.#rows = rows;
    this.#counts = batch.tensors[0].graph.constant(counts, [counts.length]);
  }

  reduce(reduction: Tensor, become: (tensor: Tensor) => Tensor): Tensor | undefined {
    const chosen = (this.#chosen ??= this.#choose(become));
    const { inputs, collapse } = reduction.operation;
    return collapse?.(
      inputs.map((input) => chosen.get(input)!),
      this.#rows,
      this.#counts,
    );
  }

  #choose(become: (tensor: Tensor) => Tensor): Map<Tensor, Tensor> {
    const chosen = new Map<Tensor, Tensor>();
    for (const tensor of this.#batch.tensors) {
      const { inputs, indices, rowwise, again } = tensor.operation;
      if (tensor.values) chosen.set(tensor, constantRows(tensor, this.#rows));
      else if (isGather(tensor)) {
        const [{ values, limit }] = indices!;
        chosen.set(tensor, gather(become(inputs[0]), tensor.graph.indices(pick(values, this.#rows), limit)));
      } else
        chosen.set(tensor, again!(inputs.map((input, position) => (rowwise!.includes(position) ? chosen.get(input)! : become(input)))));
    }
    return chosen;
  }
}

/** All batches whose rows can be followed from their sources to reductions, and which nothing else needs in full. */
function batches(roots: readonly Tensor[]): Batch[] {
  const tensors = reachable(roots);
  const users = new Map<Tensor, Tensor[]>();
  for (const tensor of tensors) for (const input of tensor.operation.inputs) users.set(input, [...(users.get(input) ?? []), tensor]);
  const owner = new Map<Tensor, Group>();
  const groups = new Set<Group>();
  for (const reduction of tensors) {
    if (!reduction.operation.collapse) continue;
    const tensors = followRows(reduction);
    if (!tensors) continue;
    const group: Group = { reductions: [reduction], tensors, rows: reduction.operation.inputs[0].shape[0] };
    for (const other of new Set([...tensors].flatMap((tensor) => owner.get(tensor) ?? []))) {
      group.reductions.push(...other.reductions);
      other.tensors.forEach((tensor) => group.tensors.add(tensor));
      groups.delete(other);
    }
    for (const tensor of group.tensors) if (!isRowSource(tensor)) owner.set(tensor, group);
    groups.add(group);
  }
  const rooted = new Set(roots);
  const fixed = readInParts(roots);
  return [...groups].flatMap((group) => {
    const { reductions, tensors, rows } = group;
    const inside = new Set([...tensors, ...reductions]);
    const whole = [...tensors].some(
      (tensor) => !isRowSource(tensor) && (rooted.has(tensor) || (users.get(tensor) ?? []).some((user) => !inside.has(user))),
    );
    return whole || reductions.some((reduction) => fixed.has(reduction))
      ? []
      : [{ reductions, tensors: [...tensors].sort((a, b) => a.id - b.id), rows }];
  });
}

interface Group {
  readonly reductions: Tensor[];
  readonly tensors: Set<Tensor>;
  readonly rows: number;
}

/** Every tensor whose rows enter the reduction row by row; undefined if some cannot be followed to gathered or constant rows. */
function followRows(reduction: Tensor): Set<Tensor> | undefined {
  const { inputs, indices = [] } = reduction.operation;
  const rows = inputs[0].shape[0];
  if (rows === undefined || indices.some(({ period, count }) => period > 1 || count !== rows)) return undefined;
  const followed = new Set(inputs);
  for (const tensor of followed) {
    if (tensor.shape[0] !== rows) return undefined;
    if (isRowSource(tensor)) continue;
    const { rowwise = [], inputs, indices = [], again } = tensor.operation;
    if (rowwise.length === 0 || indices.length > 0 || !again) return undefined;
    for (const position of rowwise) followed.add(inputs[position]);
  }
  return followed;
}

function isGather({ operation: { name, indices } }: Tensor): boolean {
  return name === 'gather' && indices?.[0].period === 1;
}

function isRowSource(tensor: Tensor): boolean {
  return tensor.values !== undefined || isGather(tensor);
}

/** The first row of every kind, in ascending order, and how many there are of the kind. */
function distinctRows({ reductions, tensors, rows }: Batch): { representatives: Int32Array; counts: Float64Array } {
  const kinds = rowKinds(tensors, rows);
  const groupOf = new Map<string, number>();
  const representatives: number[] = [];
  const counts: number[] = [];
  for (let row = 0; row < rows; row++) {
    const key = reductions
      .map(({ operation: { inputs, indices = [] } }) => [
        ...inputs.map((input) => kinds.get(input)![row]),
        ...indices.map(({ values }) => values[row]),
      ])
      .join(' ');
    let group = groupOf.get(key);
    if (group === undefined) {
      groupOf.set(key, (group = representatives.length));
      representatives.push(row);
      counts.push(0);
    }
    counts[group]++;
  }
  return { representatives: Int32Array.from(representatives), counts: Float64Array.from(counts) };
}

/** Sums of more summands are not compared up to their order. */
const MOST_SUMMANDS = 16;

/** For every tensor a number for each row; rows of equal numbers are equal, whichever tensor they are in. */
function rowKinds(tensors: readonly Tensor[], rows: number): Map<Tensor, Int32Array> {
  const numbers = new Map<string, number>();
  const identity = new Identity();
  const summands = new Map<number, readonly number[]>();
  const number = (key: string): number => {
    let known = numbers.get(key);
    if (known === undefined) numbers.set(key, (known = numbers.size));
    return known;
  };
  const kinds = new Map<Tensor, Int32Array>();
  for (const tensor of tensors) {
    const { name, inputs, indices, rowwise = [] } = tensor.operation;
    const own = new Int32Array(rows);
    kinds.set(tensor, own);
    if (tensor.values) {
      own.set(constantKinds(tensor, rows).map((kind) => number(`constant ${kind}`)));
      continue;
    }
    if (isGather(tensor)) {
      const table = identity.canonical(inputs[0]).id;
      own.set(indices![0].values.map((index) => number(`gather ${table} ${index}`)));
      continue;
    }
    const shared = inputs.map((input, position) => (rowwise.includes(position) ? '*' : identity.canonical(input).id)).join(' ');
    const does = `${identity.functionOf(tensor.operation) ?? `tensor ${tensor.id}`} (${shared})`;
    for (let row = 0; row < rows; row++) {
      const from = rowwise.map((position) => kinds.get(inputs[position])![row]);
      if (name === 'add') {
        const flat = from.flatMap((kind) => summands.get(kind) ?? kind).sort((a, b) => a - b);
        const parts = flat.length > MOST_SUMMANDS ? from : flat;
        own[row] = number(`sum ${parts.join(' ')}`);
        summands.set(own[row], parts);
      } else {
        if (name === 'multiply') from.sort((a, b) => a - b);
        own[row] = number(`${does} ${from.join(' ')}`);
      }
    }
  }
  return kinds;
}

/** For every row of a constant a name of its bits within the tensor. */
function constantKinds(tensor: Tensor, rows: number): string[] {
  const bits = words(tensor.values!);
  const width = bits.length / rows;
  const alike = new Map<number, number[]>();
  return Array.from({ length: rows }, (_, row) => {
    const own = bits.subarray(row * width, (row + 1) * width);
    const hash = hashOf(own);
    const firsts = alike.get(hash) ?? [];
    const first = firsts.find((other) => sameWords(own, bits.subarray(other * width, (other + 1) * width))) ?? row;
    if (first === row) alike.set(hash, [...firsts, row]);
    return `${tensor.id} ${first}`;
  });
}

function constantRows(tensor: Tensor, rows: Int32Array): Tensor {
  const width = tensor.size / tensor.shape[0];
  const values = new Float64Array(rows.length * width);
  rows.forEach((row, i) => values.set(tensor.values!.subarray(row * width, (row + 1) * width), i * width));
  return tensor.graph.constant(values, [rows.length, ...tensor.shape.slice(1)]);
}
