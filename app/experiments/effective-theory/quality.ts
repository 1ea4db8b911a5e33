/** What the effective theory says of an embedding, at every step. */
import type { EffectiveTheoryParameters } from './parameters.ts';
import { structureOf } from './samples.ts';
import { splitOf, widthOf } from './tasks.ts';
import { effectiveLoss, squaredNorm } from './theory/flow.ts';
import { allEqual, countOf, normalised, predictedAccuracy, realised } from './theory/parallelograms.ts';

/** Values of the series that need the embedding alone, from its numbers (symbols x width, row-major). */
export type Quality = (embedding: ArrayLike<number>) => Record<string, number | ArrayLike<number>>;

/** The quality of representations in runs with these parameters. RQI and effective loss are NaN where all symbols are represented alike. */
export function qualityOf(parameters: EffectiveTheoryParameters): Quality {
  const structure = structureOf(parameters);
  const { trained } = splitOf(parameters);
  const { symbols, count, task } = structure;
  const { closeness } = parameters;
  const width = widthOf(parameters);
  const closed = new Uint8Array(count);
  return (embedding) => {
    realised(structure, embedding, width, closeness, closed);
    const parallelograms = {
      rqi: allEqual(embedding, symbols, width) ? NaN : countOf(closed) / count,
      predictedAccuracy: predictedAccuracy(structure, trained, closed),
    };
    if (task === 'permutations') return parallelograms;
    const lines = normalised(embedding, symbols, width);
    return {
      ...parallelograms,
      effectiveLoss: effectiveLoss(structure, trained, lines, width),
      z0: squaredNorm(embedding),
      c: sumOf(embedding, width),
      embedding: lines,
    };
  };
}

/** Sum of all rows. */
function sumOf(embedding: ArrayLike<number>, width: number): Float64Array {
  const sum = new Float64Array(width);
  for (let i = 0; i < embedding.length; i += 1) sum[i % width] += embedding[i];
  return sum;
}
