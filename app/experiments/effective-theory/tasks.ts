/** What there is to learn: the samples of a task, and which of them are trained on. */
import { stream } from '#app/numerics/random.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';
import { isOrdered, structureOf, type TaskParameters } from './samples.ts';
import type { TaskStructure } from './theory/parallelograms.ts';

/** Permutations are represented by matrices with this many rows and columns. */
export const matrixSide = 3;

/** Numbers that stand for one symbol: 9 for permutations. */
export const widthOf = ({ task, embeddingWidth }: Pick<EffectiveTheoryParameters, 'task' | 'embeddingWidth'>): number =>
  task === 'permutations' ? matrixSide ** 2 : embeddingWidth;

/** Samples (first, second) with their results. */
export interface Samples {
  readonly first: Int32Array;
  readonly second: Int32Array;
  readonly label: Int32Array;
}

export interface Split {
  readonly train: Samples;
  readonly test: Samples;
  /** Samples of `structureOf` that are trained on, increasing; of ordered pairs those of which either order is. */
  readonly trained: Int32Array;
}

/** The random split of all samples. */
export function splitOf(parameters: TaskParameters & Pick<EffectiveTheoryParameters, 'trainingPairs' | 'splitSeed'>): Split {
  const { trainingPairs, splitSeed } = parameters;
  const { all, place } = everySample(parameters);
  const chosen = stream(splitSeed, 'split').subset(all.label.length, trainingPairs);
  const isTrained = new Set(chosen);
  return {
    train: pick(all, chosen),
    test: pick(
      all,
      [...all.label.keys()].filter((sample) => !isTrained.has(sample)),
    ),
    trained: Int32Array.from(new Set([...chosen].map((sample) => place[sample]))).sort(),
  };
}

/** All samples, and which sample of the structure each is. */
function everySample(parameters: TaskParameters): { readonly all: Samples; readonly place: Int32Array } {
  const { samples, product, symbols } = structureOf(parameters);
  const all = {
    first: Int32Array.from(samples, ([i]) => i),
    second: Int32Array.from(samples, ([, j]) => j),
    label: product,
  };
  if (!isOrdered(parameters)) return { all, place: Int32Array.from(all.label.keys()) };
  const at = new Int32Array(symbols * symbols);
  samples.forEach(([i, j], sample) => (at[i * symbols + j] = at[j * symbols + i] = sample));
  const pairs = Int32Array.from(at.keys());
  return {
    all: {
      first: pairs.map((pair) => Math.floor(pair / symbols)),
      second: pairs.map((pair) => pair % symbols),
      label: at.map((sample) => product[sample]),
    },
    place: at,
  };
}

const pick = ({ first, second, label }: Samples, chosen: ArrayLike<number>): Samples => ({
  first: Int32Array.from(chosen, (sample) => first[sample]),
  second: Int32Array.from(chosen, (sample) => second[sample]),
  label: Int32Array.from(chosen, (sample) => label[sample]),
});

/** Numbers that the lists of all batches hold together at most; memory holds several times as many. */
const mostListed = 2 ** 17;

/**
 * Which training samples each step uses, list after list of `size` numbers: drawn without replacement, independently for each step. After
 * as many steps as 2^17 numbers give lists, the lists begin anew. Null if a batch holds all samples. A longer run begins as a shorter one.
 */
export function batchesOf({
  trainingPairs,
  batchSize,
  batchSeed,
  steps,
}: Pick<EffectiveTheoryParameters, 'trainingPairs' | 'batchSize' | 'batchSeed' | 'steps'>): {
  readonly size: number;
  readonly lists: Int32Array;
} | null {
  if (batchSize >= trainingPairs) return null;
  const random = stream(batchSeed, 'batches');
  const period = Math.max(1, Math.min(steps, Math.floor(mostListed / batchSize)));
  const lists = new Int32Array(period * batchSize);
  for (let at = 0; at < lists.length; at += batchSize) lists.set(random.subset(trainingPairs, batchSize), at);
  return { size: batchSize, lists };
}

const permutationNames = ['e', '(12)', '(01)', '(012)', '(021)', '(02)'];

/** Names of the symbols: numbers, or permutations of 0, 1, 2 as cycles. */
export const symbolNames = (structure: TaskStructure): readonly string[] =>
  structure.task === 'permutations' ? permutationNames : Array.from({ length: structure.symbols }, (_, symbol) => String(symbol));

/** Names a symbol in all figures and pictures of a run. */
export const symbolKey = (symbol: number): string => `token=${symbol}`;
