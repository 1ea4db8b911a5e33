import { hostname } from 'node:os';
import type { TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { errorMessage } from '#app/protocol/server.ts';
import { packageVersion } from '#main/paths.ts';
import { requireBackend } from '#main/workers/backends.ts';
import type { Pool } from '#main/workers/pool.ts';
import type { SweepBackend, SweepWork } from '../backend.ts';
import { LocalSweepBackend } from '../local.ts';
import { readArray, TaskWriter, type ArrayWork } from './shared-folder.ts';

/** What was done is written down so often; a shared file system serves many. */
const writeMilliseconds = 1000;

export interface TaskOptions {
  readonly folder: string;
  readonly task: number;
  /** Engines of this node. */
  readonly pool: Pool;
  /** Bytes of memory that one trial may take here. */
  readonly bytesPerRun: () => number;
  readonly signal: AbortSignal;
}

/**
 * Trains the trials of one task of an array and writes what it does into the shared folder.
 * @returns False when it refused: this node has another Lotka or engine than the work belongs to. The coordinator is told why.
 * @throws LotkaError when the folder cannot be read or written
 */
export async function runTask({ folder, task, pool, bytesPerRun, signal }: TaskOptions): Promise<boolean> {
  const writer = new TaskWriter(folder, task);
  const array = await readArray(folder);
  const node = process.env.SLURMD_NODENAME ?? hostname();
  const refused = await refusal(array, node);
  if (refused !== null) {
    await writer.write({ refused });
    return false;
  }
  await train(new LocalSweepBackend(pool, { worker: node, bytesPerRun }), array, task, node, signal, writer);
  if (!signal.aborted) await writer.write({ ended: true });
  return true;
}

async function refusal({ backend, engine, lotka }: ArrayWork, node: string): Promise<string | null> {
  let build: string;
  try {
    build = (await requireBackend(backend)).build;
  } catch (error) {
    return `Node ${node}: ${errorMessage(error).message}`;
  }
  if (build === engine && packageVersion() === lotka) return null;
  return (
    `Node ${node} has Lotka ${packageVersion()} with engine ${build}, and the sweep belongs to Lotka ${lotka} with engine ${engine}: ` +
    'install the same on both, so that all results have the same bits.'
  );
}

async function train(
  trainer: SweepBackend,
  { sweep, experiment, backend, engine, lotka, secondsPerTrial, chunks }: ArrayWork,
  task: number,
  node: string,
  signal: AbortSignal,
  writer: TaskWriter,
): Promise<void> {
  const trials = chunks[task];
  if (!trials) throw new LotkaError('bad-input', `The array has tasks 0 to ${chunks.length - 1}, and no task ${task}.`);
  const work: SweepWork = { sweep, experiment, backend, engine, lotka, keep: 'outcomes', trials, secondsPerTrial };
  let results: TrialResult[] = [];
  let training: readonly TrialKey[] = [];
  let changed = false;
  // Written by one after the other.
  let written = Promise.resolve();
  const flush = (): Promise<void> => {
    written = written.then(async () => {
      if (!changed) return;
      const line = { results, training: [...training] };
      results = [];
      changed = false;
      await writer.write(line);
    });
    return written;
  };
  const stop = new AbortController();
  const timer = setInterval(() => void flush().catch(() => stop.abort()), writeMilliseconds);
  try {
    await trainer.run(work, AbortSignal.any([signal, stop.signal]), (event) => {
      if (event.kind === 'results') results.push(...event.results.map((result) => ({ ...result, worker: node })));
      else if (event.kind === 'training') training = event.trials;
      changed ||= event.kind !== 'workers';
      return Promise.resolve();
    });
  } finally {
    clearInterval(timer);
  }
  await flush();
}
