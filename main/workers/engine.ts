import type { Backend } from '#app/engine/index.ts';
import type { Experiment, Training } from '#app/experiments/experiment.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { partOf } from '#app/experiments/parts.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { FolderRun } from '#main/store/folder-run.ts';
import { readRecord } from '#main/store/run-folder.ts';
import type { EngineContract } from './engine-contract.ts';
import { Replay } from './replay.ts';
import { TrainingJob } from './training-job.ts';

export interface EngineParts {
  readonly experimentById: (id: string) => Experiment;
  readonly backend: Backend;
}

/** Answers the engine contract: trains, measures, checks. One worker holds any number of paused runs. */
export function engineHandlers({ experimentById, backend }: EngineParts): Handlers<EngineContract> {
  const jobs = new Map<string, TrainingJob>();

  function openRun(folder: string, cancel: Int32Array): { experiment: Experiment; run: FolderRun; replay: Replay } {
    const record = readRecord(folder);
    const experiment = experimentById(record.experiment);
    const run = new FolderRun(folder, record);
    const parameters = parseParameters(experiment, null, record.parameters);
    let training: Training | null = null;
    return {
      experiment,
      run,
      replay: new Replay(folder, { ...record, step: run.steps }, () => (training ??= experiment.build(parameters)), backend, cancel),
    };
  }

  return {
    async *train({ run, experiment: id, parameters, checkpoint, paused }, { signal }) {
      const experiment = experimentById(id);
      const job = new TrainingJob(experiment, parseParameters(experiment, null, parameters), backend, checkpoint, paused);
      jobs.set(run, job);
      try {
        yield* job.batches(signal);
      } finally {
        jobs.delete(run);
      }
    },

    'train.control': ({ run, action, count }) => {
      const job = jobs.get(run);
      if (!job) throw new LotkaError('not-found', `Run ${run} is not training.`);
      job.control(action, count);
      return {};
    },

    async measure({ folder, measure: id, options, cancel }) {
      const { experiment, run, replay } = openRun(folder, cancel);
      try {
        const measure = partOf(experiment, 'measures', id);
        const parsed = measure.options.safeParse(options);
        if (!parsed.success) {
          const issue = parsed.error.issues[0]!;
          throw new LotkaError(
            'bad-input',
            `${measure.label}: ${issue.path.map(String).join('.') || 'options'} cannot be used: ${issue.message}.`,
          );
        }
        const result = await measure.compute(run, parsed.data, replay);
        return { result, quantities: measure.quantities(result) };
      } finally {
        replay.dispose();
      }
    },

    async 'checkpoint.at'({ folder, step, cancel }) {
      const { replay } = openRun(folder, cancel);
      try {
        return (await replay.session(step)).checkpoint();
      } finally {
        replay.dispose();
      }
    },

    async 'claim.check'({ experiment: id, claim: claimId, folders, cancel }) {
      const claim = partOf(experimentById(id), 'claims', claimId);
      const runs = folders.map((folder) => openRun(folder, cancel));
      try {
        return await claim.check(
          runs.map(({ run }) => run),
          runs.map(({ replay }) => replay),
        );
      } finally {
        for (const { replay } of runs) replay.dispose();
      }
    },
  };
}
