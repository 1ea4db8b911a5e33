import type { Backend } from '#app/engine/index.ts';
import type { BackendName } from '#app/engine/types.ts';
import type { Experiment, Training } from '#app/experiments/experiment.ts';
import { requireMemory } from '#app/experiments/memory.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { partOf } from '#app/experiments/parts.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { datasets } from '#main/datasets/source.ts';
import { FolderRun } from '#main/store/folder-run.ts';
import { readRecord } from '#main/store/run-folder.ts';
import { backendNamed } from './backends.ts';
import type { EngineContract } from './engine-contract.ts';
import { Replay } from './replay.ts';
import { measureSpeed } from './speed.ts';
import { TrainingJob } from './training-job.ts';
import { trainInSeries } from './training-series.ts';

export interface EngineParts {
  readonly experimentById: (id: string) => Experiment;
  readonly openBackend: (name: BackendName) => Promise<Backend>;
}

/** Answers the engine contract: trains, measures, checks. One worker holds any number of paused runs, and one backend of each name. */
export function engineHandlers({ experimentById, openBackend }: EngineParts): Handlers<EngineContract> {
  const jobs = new Map<string, TrainingJob>();
  const backends = new Map<BackendName, Promise<Backend>>();

  function backendOf(name: BackendName): Promise<Backend> {
    let backend = backends.get(name);
    if (!backend) {
      backend = openBackend(name);
      backends.set(name, backend);
      // What could not be opened is tried again when next asked for.
      backend.catch(() => backends.delete(name));
    }
    return backend;
  }

  function openRun(
    folder: string,
    cancel: Int32Array | null,
    signal: AbortSignal,
  ): { experiment: Experiment; run: FolderRun; replay: Replay } {
    const record = readRecord(folder);
    const experiment = experimentById(record.experiment);
    const run = new FolderRun(folder, record);
    const parameters = parseParameters(experiment, null, record.parameters);
    let training: Training | null = null;
    return {
      experiment,
      run,
      replay: new Replay({
        folder,
        record: { ...record, step: run.steps },
        training: () => (training ??= experiment.build(parameters, datasets)),
        backend: async () => backendOf(backendNamed(record.provenance.backend)),
        cancelled: () => signal.aborted || (cancel !== null && Atomics.load(cancel, 0) !== 0),
      }),
    };
  }

  return {
    async *train({ run, experiment: id, parameters, backend, checkpoint, settled, paused }, { signal }) {
      const experiment = experimentById(id);
      // Known before its backend is open, so that it can be told to stop.
      const job = new TrainingJob(experiment, parseParameters(experiment, null, parameters), backendOf(backend), {
        checkpoint,
        settled,
        paused,
      });
      jobs.set(run, job);
      try {
        yield* job.batches(signal);
      } finally {
        if (jobs.get(run) === job) jobs.delete(run);
      }
    },

    'train.control': ({ run, action, count }) => {
      const job = jobs.get(run);
      if (!job) throw new LotkaError('not-found', `Run ${run} is not training.`);
      job.control(action, count);
      return {};
    },

    async *'train.many'({ backend, keep, bytesPerRun, runs }, { signal }) {
      const series = runs.map(({ run, experiment: id, parameters: given }) => ({
        run,
        prepare: () => {
          const experiment = experimentById(id);
          const parameters = parseParameters(experiment, null, given);
          const training = experiment.build(parameters, datasets);
          if (bytesPerRun !== null) requireMemory(experiment, parameters, training, bytesPerRun, datasets);
          return { experiment, training, parameters };
        },
      }));
      for await (const results of trainInSeries(series, keep, await backendOf(backend), signal)) yield { results };
    },

    async *speed({ experiment: id, parameters, ...rest }) {
      const experiment = experimentById(id);
      yield* measureSpeed({ experiment, parameters: parseParameters(experiment, null, parameters), ...rest }, openBackend);
    },

    async measure({ folder, measure: id, options, cancel }, { signal }) {
      const { experiment, run, replay } = openRun(folder, cancel, signal);
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
        return { result, quantities: measure.quantities(result), note: replay.note };
      } finally {
        replay.dispose();
      }
    },

    async 'checkpoint.at'({ folder, step, cancel }, { signal }) {
      const { replay } = openRun(folder, cancel, signal);
      try {
        const checkpoint = await replay.checkpoint(step);
        return { checkpoint, note: replay.note };
      } finally {
        replay.dispose();
      }
    },

    async 'claim.check'({ experiment: id, claim: claimId, folders, cancel }, { signal }) {
      const claim = partOf(experimentById(id), 'claims', claimId);
      const runs = folders.map((folder) => openRun(folder, cancel, signal));
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
