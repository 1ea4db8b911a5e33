import { arch, cpus, type as systemName } from 'node:os';
import type { Experiment, Parameters, Training } from '#app/experiments/experiment.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { runId } from '#app/runs/record.ts';
import { packageVersion } from '#main/paths.ts';
import type { Recording } from '#main/store/run-folder.ts';
import type { ReadyBackend } from '#main/workers/backends.ts';
import type { Ending } from './live-run.ts';

/** The record of a run that is about to begin: its id, and everything needed to have it again. */
export function newRecord(
  backend: ReadyBackend,
  experiment: Experiment,
  training: Training,
  parameters: Parameters,
  preset: string | null,
  name: string | undefined,
  forkedFrom: RunRecord['forkedFrom'],
): RunRecord {
  return {
    format: 1,
    id: runId(experiment.id, Date.now(), Math.floor(Math.random() * 36 ** 4)),
    name: name ?? `${experiment.id} ${preset ?? 'own parameters'}`,
    experiment: experiment.id,
    preset,
    parameters: parameters as RunRecord['parameters'],
    status: 'queued',
    message: null,
    step: 0,
    steps: training.steps,
    seconds: 0,
    headline: {},
    forkedFrom,
    provenance: {
      lotka: packageVersion(),
      engine: backend.build,
      backend: backend.name,
      passes: training.program.info.passes.map(({ name: pass }) => pass),
      precision: training.program.info.precision,
      ...(training.dataset ? { dataset: training.dataset } : {}),
      machine: `${systemName()} ${arch()}, ${cpus().length} x ${cpus()[0]?.model.trim() ?? 'unknown processor'}`,
      created: new Date().toISOString(),
    },
  };
}

/** What a training records, as the run's folder describes it. */
export const recordingOf = (training: Training): Recording => ({
  series: training.series.map(({ name, label, width, unit, symbol }) => ({
    name,
    label,
    width,
    unit,
    ...(symbol === undefined ? {} : { symbol }),
  })),
  frames: training.frames.map(({ name, label, shape }) => ({ name, label, shape: [...shape] })),
});

/** What becomes of a run whose worker failed: interrupted if it can go on, failed if it would fail again. */
export function brokenOff(error: unknown, step: number): Ending {
  if (error instanceof LotkaError && (error.code === 'crashed' || error.code === 'closed')) {
    return {
      status: 'interrupted',
      message: `${error.message} The run had reached step ${step}; resume goes on from its last checkpoint.`,
    };
  }
  return { status: 'failed', message: error instanceof Error ? error.message : String(error) };
}
