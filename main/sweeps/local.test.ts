import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { TrialResult } from '#app/protocol/sweep.ts';
import { packageVersion } from '#main/paths.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { small } from '#main/testing/small.ts';
import { openBackend } from '#main/workers/backends.ts';
import { Pool } from '#main/workers/pool.ts';
import { spawnWorker, type WorkerHandle } from '#main/workers/worker-handle.ts';
import type { SweepWork } from './backend.ts';
import { sweepBackendConformance } from './conformance.ts';
import { LocalSweepBackend, type LocalOptions } from './local.ts';

let workerFile: string;
beforeAll(async () => {
  workerFile = join(await buildBundle('engine-worker'), 'engine-worker.js');
});

function open(size: number, options: LocalOptions = {}) {
  const workers: WorkerHandle[] = [];
  const spawn = (): WorkerHandle => {
    workers.push(spawnWorker(workerFile));
    return workers.at(-1)!;
  };
  const pool = new Pool({ size, spawn });
  const backend = new LocalSweepBackend(pool, options);
  return {
    backend,
    pool,
    killWorker: () => {
      workers.at(-1)!.terminate();
      return true;
    },
    close: () => Promise.resolve(pool.close()),
  };
}

sweepBackendConformance('this machine, one core,', () => Promise.resolve(open(1)));
sweepBackendConformance('this machine, two cores,', () => Promise.resolve(open(2)));

const work = async (changes: Partial<SweepWork>): Promise<SweepWork> => ({
  sweep: 'survival-local',
  experiment: 'survival',
  backend: 'wasm',
  engine: (await openBackend('wasm')).build,
  lotka: packageVersion(),
  keep: 'outcomes',
  trials: [],
  secondsPerTrial: null,
  ...changes,
});

async function resultsOf(backend: LocalSweepBackend, given: SweepWork): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  await backend.run(given, new AbortController().signal, (event) => {
    if (event.kind === 'results') results.push(...event.results);
    return Promise.resolve();
  });
  return results;
}

it('refuses a trial that needs more memory than a run may take, before its first step, and trains the others', async () => {
  const { backend, close } = open(1, { bytesPerRun: () => 2 ** 24 });
  const trials = [small(), small({ hiddenWidths: [1000, 1000] })].map((parameters, point) => ({ point, seed: 0, parameters }));
  const results = await resultsOf(backend, await work({ trials }));
  expect(results.find(({ point }) => point === 0)?.state).toBe('finished');
  expect(results.find(({ point }) => point === 1)).toMatchObject({
    state: 'failed',
    step: 0,
    message: expect.stringMatching(/^This run needs \d+ MB of memory .*hiddenWidths = \d+,\d+ would fit/) as string,
  });
  await close();
});

it('asks for the parameters of a trial only when it is its turn', async () => {
  const { backend, close } = open(1);
  let asked = 0;
  const trials = Array.from({ length: 500 }, (_, point) => ({
    point,
    seed: 0,
    get parameters() {
      asked++;
      return small({ steps: 200, mlpSeed: point });
    },
  }));
  const controller = new AbortController();
  let told = 0;
  await backend.run(await work({ trials }), controller.signal, (event) => {
    if (event.kind === 'results') {
      told += event.results.length;
      controller.abort();
    }
    return Promise.resolve();
  });
  expect(told).toBeGreaterThan(0);
  expect(asked).toBeLessThan(100);
  await close();
});

it('hands over all that was recorded when runs are kept', async () => {
  const kept: number[] = [];
  const { backend, close } = open(1, {
    keepRun: (_work, { point }, { rows, checkpoint }) => {
      kept.push(rows.trainLoss!.length, checkpoint!.step);
      return Promise.resolve(`run-of-${point}`);
    },
  });
  const trials = [{ point: 7, seed: 0, parameters: small({ steps: 30 }) }];
  const results = await resultsOf(backend, await work({ trials, keep: 'runs' }));
  expect(results).toMatchObject([{ run: 'run-of-7', state: 'finished', step: 30 }]);
  expect(kept).toEqual([31, 30]);
  await close();
});
