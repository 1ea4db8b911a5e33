/** The rows and frames of a run, out of the arrays of an import: read one snapshot at a time. */
import { badFile, grouped, type Turn } from '#app/arrays/words.ts';
import { realTransform, spectralNorms } from '#app/numerics/spectra.ts';
import { splitNorms } from '#app/circles/recording.ts';
import type { RecordedFrame } from '#app/runs/trainer.ts';
import { stepsOf, valuesOf, type Candidate } from './catalogue.ts';
import type { ImportPlan } from './plan.ts';

/** Some rows of every series, and the frames of the same snapshots. */
export interface ImportBatch {
  /** Snapshots so far, of `of`. */
  readonly done: number;
  readonly of: number;
  /** Series name -> rows x width, row-major. */
  readonly rows: Record<string, Float64Array>;
  readonly frames: readonly RecordedFrame[];
  /** Why the import ends before its last snapshot; null while it goes on. */
  readonly message: string | null;
}

/** Numbers of embeddings that one batch holds, about. */
const numbersPerBatch = 1 << 18;

const notFinite = (values: ArrayLike<number>): number => {
  let count = 0;
  for (let i = 0; i < values.length; i++) if (!Number.isFinite(values[i])) count++;
  return count;
};

/** Euclidean norm. */
const normOf = (values: ArrayLike<number>): number => {
  let sum = 0;
  for (let i = 0; i < values.length; i++) sum += values[i]! * values[i]!;
  return Math.sqrt(sum);
};

/**
 * Reads what is planned. Row i of every series belongs to snapshot i; its training step is in the series `trainingStep`.
 * The series are those of `importedSeries`, the frames `embedding` (tokens x dimensions).
 * An embedding that is not finite any more ends the import before it, and is told.
 * @throws LotkaError `bad-input` as reading does, and if nothing of the embedding is finite
 */
export async function* collect(plan: ImportPlan, turn: Turn): AsyncGenerator<ImportBatch> {
  const { kept, modulus, width, steps } = plan;
  const count = kept.length;
  const curves: { name: string; values: Float64Array }[] = [];
  for (const { role, candidate, rows } of plan.curves) {
    const values = await valuesOf(candidate, turn);
    curves.push({ name: role, values: Float64Array.from(rows, (row) => values[row]!) });
  }
  const weightNorms: Float64Array[] = [];
  for (const candidate of plan.weights) weightNorms.push(await normsOf(candidate, kept, turn));
  const read = stepsOf(plan.embedding, turn);
  const perBatch = Math.max(1, Math.floor(numbersPerBatch / (modulus * width)));
  for (let from = 0; from < count; from += perBatch) {
    const most = Math.min(count, from + perBatch);
    const rows: Record<string, number[]> = { signals: [], unpaired: [], norms: [] };
    const frames: RecordedFrame[] = [];
    let message: string | null = null;
    for (let i = from; i < most; i++) {
      const embedding = tokensOf(await read(kept[i]!), plan);
      const bad = notFinite(embedding);
      if (bad > 0) {
        const what = `${grouped(bad)} of its ${grouped(embedding.length)} numbers are not finite at step ${grouped(steps[i]!)}`;
        if (i === 0) throw badFile(plan.embedding.key, '', `${what}, the first; there is nothing to watch.`);
        message = `The embedding ends before step ${grouped(steps[i]!)}: ${what}.`;
        break;
      }
      const { signals, unpaired } = splitNorms(spectralNorms(realTransform(embedding, modulus, width)), modulus);
      rows.signals!.push(...signals);
      rows.unpaired!.push(...unpaired);
      rows.norms!.push(normOf(embedding), ...weightNorms.map((norms) => norms[i]!));
      frames.push({ name: 'embedding', step: i, shape: [modulus, width], values: embedding });
      await turn();
    }
    const to = from + frames.length;
    yield {
      done: to,
      of: count,
      rows: {
        ...Object.fromEntries(Object.entries(rows).map(([name, values]) => [name, Float64Array.from(values)])),
        trainingStep: steps.slice(from, to),
        ...Object.fromEntries(curves.map(({ name, values }) => [name, values.slice(from, to)])),
      },
      frames,
      message,
    };
    if (message !== null) return;
  }
}

/** The rows of the tokens that count, each with its dimensions, in an array of their own. */
function tokensOf(
  values: Float32Array | Float64Array,
  { rows, columns, transposed, modulus, width }: ImportPlan,
): Float32Array | Float64Array {
  if (!transposed) return values.slice(0, modulus * width);
  const turned = values instanceof Float32Array ? new Float32Array(modulus * width) : new Float64Array(modulus * width);
  for (let token = 0; token < modulus; token++)
    for (let axis = 0; axis < rows; axis++) turned[token * width + axis] = values[axis * columns + token]!;
  return turned;
}

async function normsOf(candidate: Candidate, kept: Int32Array, turn: Turn): Promise<Float64Array> {
  const read = stepsOf(candidate, turn);
  const norms = new Float64Array(kept.length);
  for (const [i, place] of kept.entries()) {
    norms[i] = normOf(await read(place));
    await turn();
  }
  return norms;
}
