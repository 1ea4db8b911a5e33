/** Trials that are kept as runs. */
import type { Experiment } from '#app/experiments/experiment.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { TrialResult } from '#app/protocol/sweep.ts';
import { MemoryRun } from '#app/runs/memory-run.ts';
import { cleanHeadline, lastStep } from '#app/runs/record.ts';
import { datasets } from '#main/datasets/source.ts';
import { newRecord, recordingOf } from '#main/service/new-run.ts';
import type { Runs } from '#main/service/runs.ts';
import { requireBackend } from '#main/workers/backends.ts';
import type { TrainingResult } from '#main/workers/engine-contract.ts';
import type { SweepWork, Trial } from './backend.ts';

export interface KeptRunParts {
  readonly runs: Runs;
  readonly experimentById: (id: string) => Experiment;
}

/** Id of the run that a trial is kept as: the same whenever it is trained, so that none is kept twice. */
export const keptRunId = (sweep: string, { point, seed }: Pick<Trial, 'point' | 'seed'>): string => `${sweep}-p${point}-s${seed}`;

/**
 * Writes all that a trial recorded as a run of the store.
 * @returns the run's id
 * @throws LotkaError `disk-full` and the like
 */
export async function keepTrial(
  { runs, experimentById }: KeptRunParts,
  work: SweepWork,
  trial: Trial,
  result: TrainingResult,
): Promise<string> {
  const experiment = experimentById(work.experiment);
  const parameters = parseParameters(experiment, null, trial.parameters);
  const training = experiment.build(parameters, datasets);
  const id = keptRunId(work.sweep, trial);
  const run = new MemoryRun({ id, experiment: experiment.id, parameters }, training);
  run.append({ ...result, state: result.state === 'finished' ? 'finished' : 'diverged' });
  const name = `Point ${trial.point + 1}, seed ${trial.seed} of ${work.sweep}`;
  const fresh = newRecord(await requireBackend(work.backend), experiment, training, parameters, null, name, null);
  const record = {
    ...fresh,
    id,
    status: result.state,
    message: result.message,
    step: lastStep(result.from + result.count),
    seconds: result.seconds,
    headline: cleanHeadline(experiment.headline(run)),
  };
  await runs.add(record, recordingOf(training), result);
  return id;
}

/** The run that a trial was kept as, if it is still there. */
export function keptRunOf(runs: Runs, result: TrialResult | undefined): string | null {
  if (!result?.run) return null;
  try {
    return runs.record(result.run).id;
  } catch (error) {
    if (error instanceof LotkaError && error.code === 'not-found') return null;
    throw error;
  }
}
