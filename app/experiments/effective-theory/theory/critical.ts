/** How much data forces the linear order, over random training sets: exact ranks, seeded draws. */
import { stream } from '#app/numerics/random.ts';
import { countOf, emptySpan, impliedParallelograms, sampleRow, type TaskStructure } from './parallelograms.ts';
import { slowestMode } from './flow.ts';

/**
 * Number of samples, taken in the order given, from which on the training set implies all parallelograms (n0 = 2 for
 * addition). Adding samples can only add implications, so there is one such number.
 */
export function forcedSize(structure: TaskStructure, order: ArrayLike<number>): number {
  if (structure.task === 'permutations') return forcedByBisection(structure, order);
  const { symbols, product, classes } = structure;
  const span = emptySpan(structure);
  const first = new Int32Array(classes).fill(-1);
  const row = new Float64Array(symbols);
  for (let size = 1; size <= order.length; size += 1) {
    const sample = order[size - 1];
    const kept = first[product[sample]];
    if (kept < 0) first[product[sample]] = sample;
    else {
      span.add(sampleRow(structure, kept, sample, row));
      if (span.rank === symbols - 2) return size;
    }
  }
  return Infinity;
}

function forcedByBisection(structure: TaskStructure, order: ArrayLike<number>): number {
  const all = Array.from(order);
  let [below, size] = [0, all.length];
  while (size - below > 1) {
    const middle = (below + size) >> 1;
    if (countOf(impliedParallelograms(structure, all.slice(0, middle))) === structure.count) size = middle;
    else below = middle;
  }
  return size;
}

/** Chance that a random training set forces the structure, by its size. */
export interface CriticalCurve {
  /** Samples N of the whole data set. */
  readonly samples: number;
  readonly draws: number;
  /** Element n: share of the draws whose first n samples force the structure, n = 0 .. N. */
  readonly probability: Float64Array;
  /** Smallest n with a probability of at least 1/2. */
  readonly size: number;
  /** Critical training fraction: where the probability crosses 1/2, linear between sizes. */
  readonly fraction: number;
}

/**
 * The critical curve from random orders of all samples: the first n of each are a uniformly random set of n, so every draw
 * serves all sizes at once.
 * @param draws 1 or more; the standard error of a probability is at most 1 / (2 sqrt(draws))
 */
export function criticalCurve(structure: TaskStructure, draws: number, seed = 0): CriticalCurve {
  const random = stream(seed, 'critical-fraction');
  const samples = structure.samples.length;
  const probability = new Float64Array(samples + 1);
  for (let draw = 0; draw < draws; draw += 1) {
    const from = forcedSize(structure, random.permutation(samples));
    for (let size = from; size <= samples; size += 1) probability[size] += 1;
  }
  for (let size = 0; size <= samples; size += 1) probability[size] /= draws;
  const size = probability.findIndex((value) => value >= 0.5);
  const share = (probability[size] - 0.5) / (probability[size] - probability[size - 1]);
  return { samples, draws, probability, size, fraction: (size - share) / samples };
}

/** Mean of λ3(AᵀA of P0(D)) / |P0(D)| over random training sets of a size. */
export function meanSlowestMode(structure: TaskStructure, size: number, draws: number, seed = 0): number {
  const random = stream(seed, `spectrum ${structure.symbols} ${size}`);
  const all = structure.samples.length;
  if (size >= all) return slowestMode(structure, random.permutation(all));
  let sum = 0;
  for (let draw = 0; draw < draws; draw += 1) sum += slowestMode(structure, random.subset(all, size));
  return sum / draws;
}

/** λ3 of the paper (of normalised lines) over number of symbols and training fraction. */
export interface RateMap {
  readonly symbols: readonly number[];
  readonly fractions: readonly number[];
  /** Mean λ3, row-major (symbols x fractions). */
  readonly values: Float64Array;
}

/**
 * The map of mean λ3 over p and the training fraction of addition.
 * @param progress called with 0 .. 1 before each row
 */
export function rateMap(
  taskOf: (symbols: number) => TaskStructure,
  symbols: readonly number[],
  fractions: readonly number[],
  draws: number,
  progress: (fraction: number) => void = () => {},
): RateMap {
  const values = new Float64Array(symbols.length * fractions.length);
  symbols.forEach((count, row) => {
    progress(row / symbols.length);
    const structure = taskOf(count);
    fractions.forEach((fraction, column) => {
      const size = Math.round(fraction * structure.samples.length);
      values[row * fractions.length + column] = (2 / (count - 1)) * meanSlowestMode(structure, size, draws);
    });
  });
  return { symbols, fractions, values };
}
