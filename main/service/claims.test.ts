import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { Experiment } from '#app/experiments/experiment.ts';
import { experimentById } from '#app/experiments/registry.ts';
import type { ClaimResult } from '#app/protocol/contract.ts';
import { Store } from '#main/store/store.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { small } from '#main/testing/small.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { Pool } from '#main/workers/pool.ts';
import { spawnWorker } from '#main/workers/worker-handle.ts';
import { claimsCost } from './claims-cost.ts';
import { checkClaims } from './claims.ts';
import { createService } from './service.ts';

let workerFile: string;
beforeAll(async () => {
  workerFile = join(await buildBundle('engine-worker'), 'engine-worker.js');
});

it('stops its runs when it is left, goes on with them next time, and then has them', async () => {
  const pool = new Pool({ size: 1, spawn: () => spawnWorker(workerFile) });
  const checked: string[][] = [];
  pool.checkClaim = ({ folders }) => {
    checked.push(folders);
    return Promise.resolve({ measured: 'so', expected: 'so', tolerance: '', holds: true });
  };
  const { runs, store, close } = await createService({ host: 'cli', store: Store.open(temporaryFolder()), pool });
  const experiment: Experiment = {
    ...experimentById('survival'),
    claims: [{ id: 'tiny', statement: 'A claim.', source: '', how: '', plan: () => [small({ steps: 20_000 })], check: () => never() }],
  };
  const check = (controller = new AbortController()) =>
    checkClaims({ runs, pool, experiment, now: Date.now }, { quick: true, backend: 'wasm' }, controller.signal);
  const resultOf = async (): Promise<ClaimResult | undefined> => {
    let result: ClaimResult | undefined;
    for await (const item of check()) result = item.result ?? result;
    return result;
  };

  const cost = () => claimsCost({ runs, pool, experiment }, { quick: true, backend: 'wasm' }, new AbortController().signal);
  expect(await cost()).toEqual({ claims: 1, runs: 1, stored: 0, steps: 20_000, workers: 1, secondsInAll: expect.any(Number) as number });

  const leaving = new AbortController();
  for await (const { fraction } of check(leaving)) {
    expect(fraction).toBeLessThan(1);
    leaving.abort();
  }
  const [stopped] = runs.list({ limit: 10 }).runs;
  expect(stopped!.status).toBe('stopped');

  expect(await resultOf()).toMatchObject({ id: 'tiny', holds: true, runs: [stopped!.id] });
  expect(await resultOf()).toMatchObject({ runs: [stopped!.id] });
  expect(runs.list({ limit: 10 }).runs).toMatchObject([{ id: stopped!.id, status: 'finished', step: 20_000 }]);
  expect(checked).toEqual([[store.folderOf(stopped!.id)], [store.folderOf(stopped!.id)]]);
  expect(await cost()).toEqual({ claims: 1, runs: 1, stored: 1, steps: 0, workers: 1, secondsInAll: 0 });
  await close();
});

function never(): never {
  throw new Error('claims are checked by workers');
}
