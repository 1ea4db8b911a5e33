/**
 * Parallelograms: two pairs of symbols that an operation sends to the same result, and that a representation may place
 * so that the results coincide too (Liu et al. 2022, section 3). P0 is the set of all of them, P0(D) those of which both
 * pairs are trained on, and P(D) those that P0(D) implies.
 */
import { cyclicSpan, rationalSpan, type Span } from './span.ts';

/** `addition`: i + j of 0 .. p-1; `modular`: the same modulo p; `permutations`: composition of the six permutations of three. */
export type Task = 'addition' | 'modular' | 'permutations';

/** What an operation has to be learnt from and what a good representation of it shows. */
export interface TaskStructure {
  readonly task: Task;
  /** Number p of symbols; 6 for `permutations`. */
  readonly symbols: number;
  /** Pairs (i, j): i <= j where the order does not matter, all ordered pairs of `permutations`. */
  readonly samples: readonly (readonly [number, number])[];
  /** Result of each sample, 0 .. classes - 1. */
  readonly product: Int32Array;
  readonly classes: number;
  /** P0: rows (i, j, m, n) with i∘j = m∘n and (i, j) before (m, n), row-major (count x 4). */
  readonly parallelograms: Int32Array;
  /** The two samples of each, row-major (count x 2). */
  readonly parallelogramSamples: Int32Array;
  /** Number of parallelograms |P0|. */
  readonly count: number;
}

/** Indices of samples. */
export type Samples = ArrayLike<number>;

/** The permutations of 0, 1, 2 in lexicographic order. */
const permutations = [
  [0, 1, 2],
  [0, 2, 1],
  [1, 0, 2],
  [1, 2, 0],
  [2, 0, 1],
  [2, 1, 0],
] as const;

/** Index of the permutation x -> a(b(x)). */
function compose(a: number, b: number): number {
  const image = permutations[b].map((x) => permutations[a][x]);
  return permutations.findIndex((each) => each.every((x, i) => x === image[i]));
}

const remembered = new Map<string, TaskStructure>();

/**
 * Samples and parallelograms of a task. Structures are made once and shared.
 * @param symbols p, 3 or more; `permutations` always has 6
 * @throws RangeError for fewer
 */
export function taskStructure(task: Task, symbols: number): TaskStructure {
  const size = task === 'permutations' ? permutations.length : symbols;
  if (!Number.isInteger(size) || size < 3) throw new RangeError(`a task has at least three symbols, not ${size}`);
  const name = `${task} ${size}`;
  const structure = remembered.get(name) ?? makeStructure(task, size);
  remembered.set(name, structure);
  return structure;
}

function makeStructure(task: Task, symbols: number): TaskStructure {
  const samples: (readonly [number, number])[] = [];
  for (let i = 0; i < symbols; i += 1) for (let j = task === 'permutations' ? 0 : i; j < symbols; j += 1) samples.push([i, j]);
  const results = {
    addition: (i: number, j: number) => i + j,
    modular: (i: number, j: number) => (i + j) % symbols,
    permutations: compose,
  };
  const product = Int32Array.from(samples, ([i, j]) => results[task](i, j));
  const parallelograms: number[] = [];
  const parallelogramSamples: number[] = [];
  samples.forEach((one, first) => {
    for (let second = first + 1; second < samples.length; second += 1) {
      if (product[first] !== product[second]) continue;
      parallelograms.push(...one, ...samples[second]);
      parallelogramSamples.push(first, second);
    }
  });
  return {
    task,
    symbols,
    samples,
    product,
    classes: task === 'addition' ? 2 * symbols - 1 : symbols,
    parallelograms: Int32Array.from(parallelograms),
    parallelogramSamples: Int32Array.from(parallelogramSamples),
    count: parallelogramSamples.length / 2,
  };
}

/** 1 for every sample that is in the set. */
export function membership(structure: TaskStructure, samples: Samples): Uint8Array {
  const member = new Uint8Array(structure.samples.length);
  for (let i = 0; i < samples.length; i += 1) member[samples[i]] = 1;
  return member;
}

/** True if all numbers are one and the same: such a representation has no shape. */
export function allEqual(embedding: ArrayLike<number>, symbols: number, width: number): boolean {
  for (let i = width; i < symbols * width; i += 1) if (embedding[i] !== embedding[i - width]) return false;
  return true;
}

/**
 * Normalised representation Ẽ: each dimension centred over the symbols and divided by its sample standard deviation
 * (divisor p - 1, as the official code does), so that sum |Ẽ|² = (p - 1) d. A dimension without spread becomes 0.
 * @param embedding row-major, symbols x width
 */
export function normalised(
  embedding: ArrayLike<number>,
  symbols: number,
  width: number,
  out = new Float64Array(symbols * width),
): Float64Array {
  for (let axis = 0; axis < width; axis += 1) {
    let sum = 0;
    let spread = false;
    for (let at = axis; at < symbols * width; at += width) {
      sum += embedding[at];
      spread ||= embedding[at] !== embedding[axis];
    }
    const mean = sum / symbols;
    let square = 0;
    for (let at = axis; at < symbols * width; at += width) square += (embedding[at] - mean) ** 2;
    const scale = spread && square > 0 ? 1 / Math.sqrt(square / (symbols - 1)) : 0;
    for (let at = axis; at < symbols * width; at += width) out[at] = (embedding[at] - mean) * scale;
  }
  return out;
}

/**
 * Which parallelograms a representation realises: 1 where the mean over dimensions of (Ẽ_i + Ẽ_j - Ẽ_m - Ẽ_n)² is below
 * `closeness`. Of `permutations` rows are square matrices; there it is the mean squared entry of A_i A_j - A_m A_n, all
 * matrices divided by the root mean square of all entries. All 0 if the rows of the embedding are all equal.
 * @param embedding row-major, symbols x width; of `permutations` the width is a square
 * @param closeness 0.01 in the paper's code, 0.5 for `permutations`
 */
export function realised(
  structure: TaskStructure,
  embedding: ArrayLike<number>,
  width: number,
  closeness: number,
  out = new Uint8Array(structure.count),
): Uint8Array {
  const { task, symbols, samples, parallelogramSamples, count } = structure;
  if (allEqual(embedding, symbols, width)) return out.fill(0);
  const results = task === 'permutations' ? matrixProducts(structure, embedding, width) : sums(structure, embedding, width);
  const size = results.length / samples.length;
  for (let each = 0; each < count; each += 1) {
    const one = parallelogramSamples[2 * each] * size;
    const other = parallelogramSamples[2 * each + 1] * size;
    let square = 0;
    for (let axis = 0; axis < size; axis += 1) {
      const difference = results[one + axis] - results[other + axis];
      square += difference * difference;
    }
    out[each] = square / size < closeness ? 1 : 0;
  }
  return out;
}

/** Ẽ_i + Ẽ_j of every sample, row-major (samples x width). */
function sums({ symbols, samples }: TaskStructure, embedding: ArrayLike<number>, width: number): Float64Array {
  const each = normalised(embedding, symbols, width);
  const results = new Float64Array(samples.length * width);
  samples.forEach(([i, j], sample) => {
    for (let axis = 0; axis < width; axis += 1) results[sample * width + axis] = each[i * width + axis] + each[j * width + axis];
  });
  return results;
}

/** A_i A_j of every sample, row-major (samples x side x side), in units of the mean square of all entries. */
function matrixProducts({ samples, symbols }: TaskStructure, embedding: ArrayLike<number>, width: number): Float64Array {
  const side = Math.round(Math.sqrt(width));
  if (side * side !== width) throw new RangeError(`matrices have a square number of entries, not ${width}`);
  let square = 0;
  for (let i = 0; i < symbols * width; i += 1) square += embedding[i] ** 2;
  const scale = (symbols * width) / square;
  const results = new Float64Array(samples.length * width);
  samples.forEach(([a, b], sample) => {
    for (let row = 0; row < side; row += 1)
      for (let column = 0; column < side; column += 1) {
        let sum = 0;
        for (let k = 0; k < side; k += 1) sum += embedding[a * width + row * side + k] * embedding[b * width + k * side + column];
        results[sample * width + row * side + column] = sum * scale;
      }
  });
  return results;
}

/** Number of ones of a mask. */
export function countOf(mask: ArrayLike<number>): number {
  let count = 0;
  for (let i = 0; i < mask.length; i += 1) count += mask[i];
  return count;
}

/**
 * Representation quality index, 0 .. 1: the share of all parallelograms that the representation realises.
 * NaN if the rows of the embedding are all equal, for then every parallelogram closes and none means anything.
 * Parameters as of `realised`.
 */
export function rqi(structure: TaskStructure, embedding: ArrayLike<number>, width: number, closeness: number): number {
  if (allEqual(embedding, structure.symbols, width)) return NaN;
  return countOf(realised(structure, embedding, width, closeness)) / structure.count;
}

/** P0(D): 1 for every parallelogram both of whose samples are trained on. */
export function trainedParallelograms(structure: TaskStructure, training: Samples): Uint8Array {
  const member = membership(structure, training);
  return Uint8Array.from(
    { length: structure.count },
    (_, each) => member[structure.parallelogramSamples[2 * each]] & member[structure.parallelogramSamples[2 * each + 1]],
  );
}

/**
 * Accuracy that a representation predicts: the share of samples that are trained on, or form a realised parallelogram with
 * one that is. At least the training fraction.
 * @param mask which parallelograms count, as `realised` gives it
 */
export function predictedAccuracy(structure: TaskStructure, training: Samples, mask: ArrayLike<number>): number {
  const trained = membership(structure, training);
  const known = trained.slice();
  for (let each = 0; each < structure.count; each += 1) {
    if (mask[each] === 0) continue;
    const one = structure.parallelogramSamples[2 * each];
    const other = structure.parallelogramSamples[2 * each + 1];
    known[one] |= trained[other];
    known[other] |= trained[one];
  }
  return countOf(known) / known.length;
}

/** Accuracy if exactly the parallelograms P(D) that the training samples imply were realised. */
export function idealAccuracy(structure: TaskStructure, training: Samples): number {
  return predictedAccuracy(structure, training, impliedParallelograms(structure, training));
}

/** An empty span for rows of coefficients of the task: over the rationals, or over the residues of a modular task. */
export function emptySpan({ task, symbols }: TaskStructure): Span {
  return task === 'modular' ? cyclicSpan(symbols, symbols) : rationalSpan(symbols);
}

/** Adds the parallelograms among the samples to a span: of each result those with its first sample, which imply the rest. */
function addParallelograms(structure: TaskStructure, training: Samples, span: Span): void {
  const first = new Int32Array(structure.classes).fill(-1);
  const row = new Float64Array(structure.symbols);
  for (let at = 0; at < training.length; at += 1) {
    const kept = first[structure.product[training[at]]];
    if (kept < 0) first[structure.product[training[at]]] = training[at];
    else span.add(sampleRow(structure, kept, training[at], row));
  }
}

/** Coefficients of the parallelogram (i, j), (m, n) of two samples: +1 at i and j (2 if they are equal), -1 at m and n. */
export function sampleRow({ samples }: TaskStructure, one: number, other: number, out: Float64Array): Float64Array {
  out.fill(0);
  for (const symbol of samples[one]) out[symbol] += 1;
  for (const symbol of samples[other]) out[symbol] -= 1;
  return out;
}

/**
 * Degrees of freedom n0 of the representations in which all of P0(D) close: the nullity of its coefficients, exactly.
 * At least 2 (translation and scale); 2 means that the linear order is forced. Over the residues for a modular task
 * (for a composite modulus the largest over its prime factors). NaN for `permutations`, whose equations are not linear.
 */
export function degreesOfFreedom(structure: TaskStructure, training: Samples): number {
  if (structure.task === 'permutations') return NaN;
  const span = emptySpan(structure);
  addParallelograms(structure, training, span);
  return structure.symbols - span.rank;
}

/**
 * P(D): 1 for every parallelogram that closes whenever all of P0(D) do. By an exact rank test where the operation is
 * commutative; for `permutations` by the quadrangle criterion that holds in every group: from ax = bu, ay = bv and
 * cx = du follows cy = dv (three parallelograms imply a fourth).
 */
export function impliedParallelograms(structure: TaskStructure, training: Samples): Uint8Array {
  const group = structure.task === 'permutations' ? quadrangleClosure(structure, training) : linearClosure(structure, training);
  const { parallelogramSamples, count } = structure;
  return Uint8Array.from({ length: count }, (_, each) =>
    group[parallelogramSamples[2 * each]] === group[parallelogramSamples[2 * each + 1]] ? 1 : 0,
  );
}

/** Samples by the first one to which P0(D) makes them equal as sums, itself if there is none. */
function linearClosure(structure: TaskStructure, training: Samples): Int32Array {
  const { samples, product, classes, symbols } = structure;
  const span = emptySpan(structure);
  addParallelograms(structure, training, span);
  const row = new Float64Array(symbols);
  const firsts: number[][] = Array.from({ length: classes }, () => []);
  return Int32Array.from(samples, (_, sample) => {
    const known = firsts[product[sample]];
    const equal = known.find((first) => span.contains(sampleRow(structure, first, sample, row)));
    if (equal === undefined) known.push(sample);
    return equal ?? sample;
  });
}

/** Samples in groups whose results are equal by repeated use of the quadrangle criterion, and because equality is transitive. */
function quadrangleClosure({ symbols, samples, product }: TaskStructure, training: Samples): Int32Array {
  const group = Int32Array.from(samples, (_, sample) => sample);
  const merge = (one: number, other: number): boolean => {
    const [kept, gone] = [group[one], group[other]];
    if (kept === gone) return false;
    for (let i = 0; i < group.length; i += 1) if (group[i] === gone) group[i] = kept;
    return true;
  };
  const first = new Map<number, number>();
  for (let at = 0; at < training.length; at += 1) {
    const kept = first.get(product[training[at]]);
    if (kept === undefined) first.set(product[training[at]], training[at]);
    else merge(kept, training[at]);
  }
  const pairs = Array.from({ length: symbols * symbols }, (_, i) => [Math.floor(i / symbols), i % symbols] as const);
  const equal = (a: number, x: number, b: number, u: number): boolean => group[a * symbols + x] === group[b * symbols + u];
  for (let changed = true; changed;) {
    changed = false;
    // Pairs (x, u) for which some known ax = bu are ratios u x⁻¹; two pairs with the same ratio share all their equalities.
    for (const [x, u] of pairs)
      for (const [y, v] of pairs) {
        if (!pairs.some(([a, b]) => equal(a, x, b, u) && equal(a, y, b, v))) continue;
        for (const [c, d] of pairs) if (equal(c, x, d, u)) changed = merge(c * symbols + y, d * symbols + v) || changed;
      }
  }
  return group;
}
