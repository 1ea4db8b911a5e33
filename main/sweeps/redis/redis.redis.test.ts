import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SweepWorker, TrialResult } from '#app/protocol/sweep.ts';
import { packageVersion } from '#main/paths.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { freePort } from '#main/testing/daemons.ts';
import { killedMap, undisturbedMap } from '#main/testing/killed-sweep.ts';
import { startRedis, type RedisServer } from '#main/testing/redis.ts';
import { refused } from '#main/testing/service.ts';
import { small } from '#main/testing/small.ts';
import { openBackend } from '#main/workers/backends.ts';
import { Pool } from '#main/workers/pool.ts';
import { spawnWorker } from '#main/workers/worker-handle.ts';
import type { SweepBackend, SweepEvent, SweepWork } from '../backend.ts';
import { sweepBackendConformance, type OpenedBackend } from '../conformance.ts';
import { trialName } from '#app/sweeps/trials.ts';
import { LocalSweepBackend } from '../local.ts';
import { RedisSweepBackend } from './backend.ts';
import { connectRedis, redisLibraries } from './connection.ts';
import { redisAddress } from './address.ts';
import { beat, keyPrefix, queueOf } from './protocol.ts';

let folder: string;
let redis: RedisServer;
let build: string;
let queues = 0;
const workers = new Set<ChildProcess>();
const unhandled: unknown[] = [];
const onUnhandled = (reason: unknown): void => void unhandled.push(reason);
beforeAll(async () => {
  process.on('unhandledRejection', onUnhandled);
  redis = await startRedis();
  folder = await buildBundle('cli', 'engine-worker');
  ({ build } = await openBackend('wasm'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  for (const worker of workers) await end(worker, 'SIGKILL');
});
afterAll(async () => {
  await redis.stop();
  process.off('unhandledRejection', onUnhandled);
  expect(unhandled).toEqual([]);
});

async function end(worker: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  workers.delete(worker);
  if (worker.exitCode !== null || worker.signalCode !== null) return worker.exitCode;
  const ended = once(worker, 'exit') as Promise<[number | null]>;
  worker.kill(signal);
  return (await ended)[0];
}

/** `lotka worker`, as a person starts it. */
function startWorker(queue: string, { url = redis.url, environment = {} }: { url?: string; environment?: Record<string, string> } = {}) {
  const args = [join(folder, 'cli.js'), 'worker', '--queue', url, '--name', queue, '--workers', '1'];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, ...environment } });
  workers.add(child);
  const worker = Object.assign(child, { said: '' });
  child.stderr.on('data', (chunk) => (worker.said += String(chunk)));
  return worker;
}

const queueName = (): string => `test-${queues++}`;
const on = (queue: string, url = redis.url): RedisSweepBackend => new RedisSweepBackend({ kind: 'redis', url, queue });

function open(): Promise<OpenedBackend> {
  const queue = queueName();
  const some = [startWorker(queue), startWorker(queue)];
  return Promise.resolve({
    backend: on(queue),
    killWorker() {
      void end(some.shift()!, 'SIGKILL');
      some.push(startWorker(queue));
      return true;
    },
    async close() {
      for (const worker of some) await end(worker, 'SIGTERM');
    },
  });
}

sweepBackendConformance('a Redis queue', open, { abortMilliseconds: 5000 });

const work = (trials: number, steps: number, sweep = `survival-${queues}`): SweepWork => ({
  sweep,
  experiment: 'survival',
  backend: 'wasm',
  engine: build,
  lotka: packageVersion(),
  keep: 'outcomes',
  secondsPerTrial: null,
  trials: Array.from({ length: trials }, (_, point) => ({ point, seed: 0, parameters: small({ steps, embeddingSeed: point }) })),
});

async function results(
  backend: SweepBackend,
  given: SweepWork,
  {
    signal = new AbortController().signal,
    onEvent,
  }: { signal?: AbortSignal; onEvent?: (event: SweepEvent, found: number) => unknown } = {},
): Promise<Map<string, TrialResult>> {
  const found = new Map<string, TrialResult>();
  await backend.run(given, signal, async (event) => {
    if (event.kind === 'results')
      for (const result of event.results) {
        expect(found.has(trialName(result))).toBe(false);
        found.set(trialName(result), result);
      }
    await onEvent?.(event, found.size);
  });
  return found;
}

const bits = (found: ReadonlyMap<string, TrialResult>): unknown =>
  [...found].map(([name, { state, outcomes, step, message }]) => [name, state, outcomes, step, message]).sort();

async function local(given: SweepWork): Promise<unknown> {
  const pool = new Pool({ size: 1, spawn: () => spawnWorker(join(folder, 'engine-worker.js')) });
  try {
    return bits(await results(new LocalSweepBackend(pool), given));
  } finally {
    pool.close();
  }
}

describe('a Redis queue', () => {
  it('comes to the same map when Redis itself is killed and forgets everything, and a worker with it', async () => {
    const server = await startRedis();
    try {
      const queue = queueName();
      const some = [0, 1].map(() => startWorker(queue, { url: server.url }));
      const given = { ...work(24, 2000), secondsPerTrial: 0.4 };
      let disasters = 0;
      const found = await results(on(queue, server.url), given, {
        async onEvent(event, count) {
          if (event.kind !== 'results' || count < 5 || disasters++ > 0) return;
          void end(some.pop()!, 'SIGKILL');
          await server.kill();
          await server.start();
          startWorker(queue, { url: server.url });
        },
      });
      expect(disasters).toBeGreaterThan(0);
      expect(bits(found)).toEqual(await local(given));
      expect(some[0]!.said).toContain('Redis is back.');
      // A worker leaves even when Redis has gone for good.
      await server.kill();
      expect(await end(some[0]!, 'SIGINT')).toBe(0);
      expect(some[0]!.said).not.toMatch(/\n\s+at /);
    } finally {
      await server.stop();
    }
  });

  it('takes over what an earlier coordinator left in the queue', async () => {
    const queue = queueName();
    const given = work(8, 100);
    const client = await connectRedis(await redisLibraries(), redisAddress(redis.url));
    const { Queue } = (await redisLibraries()).bullmq;
    const left = new Queue(queueOf(queue, given), { connection: client, prefix: keyPrefix });
    await left.addBulk([0, 1].map((job) => ({ name: 'x', data: { ...given, trials: given.trials.slice(2 * job, 2 * job + 2) } })));
    const worker = startWorker(queue);
    await vi.waitFor(async () => expect(await left.getCompletedCount()).toBe(2), { timeout: 10_000, interval: 100 });
    await left.add('x', { ...given, trials: given.trials.slice(4, 6) });
    expect(bits(await results(on(queue), given))).toEqual(await local(given));
    expect(await left.getJobCountByTypes('waiting', 'active', 'completed', 'failed')).toBe(0);
    client.disconnect();
    expect(worker.said.match(/: 2 of 2 trials in/g)).toHaveLength(3);
    expect(worker.said.match(/: 1 of 1 trial in/g)).toHaveLength(2);
  });

  it('comes to the same map when lotka sweep is killed and resumed', async () => {
    const queue = queueName();
    startWorker(queue);
    const cli = join(folder, 'cli.js');
    expect(await killedMap(cli, ['--place', 'redis', '--redis', redis.url, '--queue', queue])).toEqual(undisturbedMap(cli));
  });

  it('stops within seconds though Redis is away', async () => {
    const server = await startRedis();
    try {
      const stopped = new AbortController();
      const running = results(on('q', server.url), work(3, 100), { signal: stopped.signal });
      await sleep(500);
      await server.kill();
      const begun = performance.now();
      stopped.abort();
      expect((await running).size).toBe(0);
      expect(performance.now() - begun).toBeLessThan(8000);
    } finally {
      await server.stop();
    }
  });

  it('shows workers that train, are idle, are lost, or are of another version, which take nothing', async () => {
    const queue = queueName();
    const libraries = await redisLibraries();
    const client = await connectRedis(libraries, redisAddress(redis.url));
    await beat(client, queue, 'stranger', { lotka: '0.0.1', engines: { wasm: 'old' }, training: 0 });
    const error = await refused(on(queue).check());
    expect(error.message).toMatch(/^The workers of queue "test-\d+" are of another version \(Lotka 0\.0\.1, engine old\)/);
    const strange = setInterval(() => void beat(client, queue, 'stranger', { lotka: '0.0.1', engines: { wasm: 'old' }, training: 0 }), 500);
    const worker = startWorker(queue);
    const victim = startWorker(queue);
    const seen = new Map<string, Set<SweepWorker['state']>>();
    const found = await results(on(queue), work(14, 12_000), {
      onEvent(event, count) {
        if (event.kind !== 'workers') return;
        if (count > 1 && count < 5) void end(victim, 'SIGKILL');
        for (const { name, state } of event.workers) seen.set(name, (seen.get(name) ?? new Set()).add(state));
      },
    });
    clearInterval(strange);
    client.disconnect();
    expect(found.size).toBe(14);
    const states = (suffix: string): SweepWorker['state'][] => [...([...seen].find(([name]) => name.endsWith(suffix))?.[1] ?? [])];
    expect(states('stranger')).toEqual(['other version']);
    expect(states(String(worker.pid))).toContain('training');
    expect(states(String(victim.pid))).toContain('lost');
    expect([...found.values()].some(({ worker: by }) => by === 'stranger')).toBe(false);
  });

  it('honours a password and TLS', async () => {
    const server = await startRedis({ password: 'open sesame', tls: true });
    try {
      const queue = queueName();
      expect((await refused(on(queue, server.url).check())).message).toMatch(/certificate is not trusted.*LOTKA_REDIS_CA/);
      vi.stubEnv('LOTKA_REDIS_CA', server.certificate);
      expect((await refused(on(queue, server.url).check())).message).toMatch(/asks for a password\. Set LOTKA_REDIS_PASSWORD\.$/);
      vi.stubEnv('LOTKA_REDIS_PASSWORD', 'open barley');
      const wrong = await refused(on(queue, server.url).check());
      expect(wrong.message).toMatch(/refuses the password/);
      expect(wrong.message).not.toContain('barley');
      vi.stubEnv('LOTKA_REDIS_PASSWORD', 'open sesame');
      const worker = startWorker(queue, { url: server.url });
      const given = work(3, 50);
      expect(bits(await results(on(queue, server.url), given))).toEqual(await local(given));
      expect(await end(worker, 'SIGINT')).toBe(0);
      expect(worker.said).not.toContain('sesame');
      expect((await refused(on(queue, server.url.replace('rediss', 'redis')).check())).message).toMatch(
        /closes the connection; perhaps it wants TLS/,
      );
      expect((await refused(on(queue, redis.url.replace('redis', 'rediss')).check())).message).toMatch(
        /perhaps it does not speak TLS \(redis:\/\/\)/,
      );
    } finally {
      await server.stop();
    }
  });

  it('says within five seconds what is wrong with an address', async () => {
    const begun = performance.now();
    const nobody = `redis://127.0.0.1:${await freePort()}`;
    expect((await refused(on('q', nobody).check())).message).toMatch(/nothing listens at port \d+\. Start redis-server/);
    expect((await refused(on('q', 'redis://nowhere.invalid').check())).message).toMatch(/there is no machine named nowhere\.invalid/);
    expect(performance.now() - begun).toBeLessThan(5000);
    const worker = startWorker('q', { url: nobody });
    expect(((await once(worker, 'exit')) as [number])[0]).toBe(1);
    expect(worker.said).toMatch(/^Redis at redis:\/\/127\.0\.0\.1:\d+ cannot be used: nothing listens[^\n]*\n$/);
  });
});
