/** What measures, figures and claims read of a recorded run. */
import { LotkaError } from '#app/protocol/errors.ts';
import type { RecordedRun } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { structureOf } from '../samples.ts';
import { splitOf } from '../tasks.ts';
import { spreadSteps, type Lines } from '../theory/departure.ts';
import { normalised } from '../theory/parallelograms.ts';

export type EffectiveTheoryRun = RecordedRun<EffectiveTheoryParameters>;

/** Samples of its structure that the run trains on. */
export const trainingOf = ({ parameters }: EffectiveTheoryRun): Int32Array => splitOf(parameters).trained;

/** Share of the samples of its structure that the run trains on. */
export const trainingFraction = (run: EffectiveTheoryRun): number => trainingOf(run).length / structureOf(run.parameters).samples.length;

/** True if the run recorded this series. */
export const hasSeries = (run: EffectiveTheoryRun, name: string): boolean => run.seriesInfo.some((series) => series.name === name);

/**
 * Normalised embeddings that the run recorded, about evenly spread over its steps: at most `count` rows of the series, or
 * all frames of a run whose embedding is too large for one.
 */
export function linesOf(run: EffectiveTheoryRun, count: number): Lines {
  if (hasSeries(run, 'embedding')) {
    const { width, rows, values } = run.series('embedding');
    const steps = rows === 0 ? [] : spreadSteps(rows - 1, count);
    return { steps, embeddings: steps.map((step) => values.subarray(step * width, (step + 1) * width)) };
  }
  const steps = run.frameSteps('embedding').filter((step) => step <= run.steps);
  return { steps, embeddings: steps.map((step) => normalisedFrame(run, step)) };
}

/** Ẽ at a step that has a frame. */
function normalisedFrame(run: EffectiveTheoryRun, step: number): Float64Array {
  const { shape, values } = run.frame('embedding', step);
  return normalised(values, shape[0], shape[1]);
}

/** The task's name in the middle of a sentence. */
const taskNames = { addition: 'addition', modular: 'modular addition', permutations: 'permutations' } as const;

/** @throws LotkaError `conflict` unless the task is addition, the only one whose parallelograms are linear equations. */
export function requireAddition(run: EffectiveTheoryRun): void {
  const { task } = run.parameters;
  if (task !== 'addition')
    throw new LotkaError('conflict', `The effective theory describes lines, which addition asks for; this run learns ${taskNames[task]}.`);
}
