/** A service on a store of its own with real workers, as tests drive it. */
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect } from 'vitest';
import { connect } from '#app/protocol/client.ts';
import { contract, type Contract, type RunRecord } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { serve } from '#app/protocol/server.ts';
import { memoryWires } from '#app/protocol/wires.ts';
import { FileReader } from '#main/datasets/reader.ts';
import { Uploads } from '#main/datasets/uploads.ts';
import { openFilmThread } from '#main/films/film-thread.ts';
import { createService, type Service, type ServiceOptions } from '#main/service/service.ts';
import type { Files } from '#main/store/files.ts';
import { Store } from '#main/store/store.ts';
import type { EngineHost } from '#main/workers/backends.ts';
import { Pool } from '#main/workers/pool.ts';
import { spawnProcess } from '#main/workers/process-handle.ts';
import { spawnWorker, type WorkerHandle } from '#main/workers/worker-handle.ts';
import { buildBundle } from './bundle.ts';
import { small } from './small.ts';
import { temporaryFolder } from './temporary.ts';

export interface Opened {
  client: Client<Contract>;
  service: Service;
  workers: WorkerHandle[];
  root: string;
}

interface OpenOptions extends Pick<ServiceOptions, 'experimentById'> {
  size?: number;
  files?: Files;
}

/** Services whose engine is the product's bundle; what a test leaves open is closed after it, and no handler may fail unexpectedly. */
export function testServices(): { open(root?: string, options?: OpenOptions): Promise<Opened>; close(service: Service): Promise<void> } {
  let folder: string;
  let running: Service[] = [];
  const faults: unknown[] = [];
  beforeAll(async () => {
    folder = await buildBundle('engine-worker', 'engine-process', 'dataset-reader', 'import-reader', 'film-worker');
  });
  afterEach(async () => {
    for (const service of running.splice(0)) await service.close();
  });
  afterAll(() => expect(faults).toEqual([]));
  return {
    async open(root = temporaryFolder(), { size = 1, files, experimentById } = {}) {
      const workers: WorkerHandle[] = [];
      const spawn = (host: EngineHost): WorkerHandle => {
        workers.push(host === 'process' ? spawnProcess(join(folder, 'engine-process.js')) : spawnWorker(join(folder, 'engine-worker.js')));
        return workers.at(-1)!;
      };
      const service = await createService({
        host: 'cli',
        store: Store.open(root, { files }),
        pool: new Pool({ size, spawn }),
        uploads: new Uploads((file, bytes) => new FileReader(file, bytes, undefined, join(folder, 'dataset-reader.js'))),
        importReader: join(folder, 'import-reader.js'),
        openFilmThread: () => openFilmThread(join(folder, 'film-worker.js')),
        ...(experimentById ? { experimentById } : {}),
      });
      running.push(service);
      const [near, far] = memoryWires();
      serve(far, contract, service.handlers, { onFault: (error) => faults.push(error) });
      return { client: connect(near, contract), service, workers, root };
    },
    async close(service) {
      running = running.filter((other) => other !== service);
      await service.close();
    },
  };
}

type StartOptions = { paused?: boolean; backend?: 'wasm' | 'wasm-relaxed' | 'tensorflow' };

export const start = async (
  client: Client<Contract>,
  changes: Record<string, unknown> = {},
  options: StartOptions = {},
): Promise<string> => {
  const parameters = small(changes) as Record<string, never>;
  return (await client.call('runs.start', { experiment: 'survival', preset: null, parameters, ...options })).run;
};

/** The first record of a run, as it is watched, for which something holds. */
export async function until(client: Client<Contract>, run: string, reached: (record: RunRecord) => boolean): Promise<RunRecord> {
  for await (const { record } of client.stream('runs.watch', { run })) if (reached(record)) return record;
  throw new Error('the stream ended');
}

export const inStatus =
  (...statuses: RunRecord['status'][]) =>
  (record: RunRecord): boolean =>
    statuses.includes(record.status);

/** All that a run recorded. */
export async function everything(client: Client<Contract>, run: string): Promise<{ series: unknown; frames: unknown[] }> {
  const { recording } = await client.call('runs.get', { run });
  const series = await client.call('runs.series', { run, names: recording.series.map((info) => info.name), fromRow: 0 });
  const { steps } = await client.call('runs.frameSteps', { run, name: 'embedding' });
  const frames: unknown[] = [];
  for (const step of steps) frames.push(await client.call('runs.frame', { run, name: 'embedding', step }));
  return { series, frames };
}

/** The error that something is refused with. */
export const refused = async (promise: Promise<unknown>): Promise<LotkaError> => {
  const error: unknown = await promise.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(LotkaError);
  return error as LotkaError;
};

/** Long enough to be caught in the middle, short enough to wait for. */
export const long = { steps: 20_000 };
