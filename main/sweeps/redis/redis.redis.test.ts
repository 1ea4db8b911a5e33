import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { inspect } from 'node:util';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SweepDefinition, SweepWorker, TrialResult } from '#app/protocol/sweep.ts';
import { packageVersion } from '#main/paths.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { freePort } from '#main/testing/daemons.ts';
import { killedMap, undisturbedMap } from '#main/testing/killed-sweep.ts';
import { startRedis, type RedisServer } from '#main/testing/redis.ts';
import { refused, testServices } from '#main/testing/service.ts';
import { small } from '#main/testing/small.ts';
import { openBackend } from '#main/workers/backends.ts';
import { Pool } from '#main/workers/pool.ts';
import { spawnWorker } from '#main/workers/worker-handle.ts';
import type { SweepBackend, SweepEvent, SweepWork } from '../backend.ts';
import { sweepBackendConformance, type OpenedBackend } from '../conformance.ts';
import { trialName } from '#app/sweeps/trials.ts';
import { LocalSweepBackend } from '../local.ts';
import { RedisSweepBackend, type RedisOptions } from './backend.ts';
import { connectRedis, redisLibraries } from './connection.ts';
import { redisAddress } from './address.ts';
import { allow, beat, keyPrefix, queueOf, roll } from './protocol.ts';

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
const on = (queue: string, url = redis.url, options: RedisOptions = {}): RedisSweepBackend =>
  new RedisSweepBackend({ kind: 'redis', url, queue }, options);
const connection = async (url = redis.url) => connectRedis(await redisLibraries(), redisAddress(url));

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
      // The new worker may have finished the sweep before the old one is connected again.
      await expect.poll(() => some[0]!.said, { timeout: 20_000 }).toContain('Redis is back.');
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

  it('comes to the same map when Redis drops the lists of its jobs, as one that evicts keys does', async () => {
    const queue = queueName();
    const given = work(6, 50);
    const client = await connection();
    let dropped = 0;
    const running = results(on(queue, redis.url, { compareMilliseconds: 300 }), given);
    while (dropped === 0) {
      await sleep(50);
      dropped = await client.del(`${keyPrefix}:${queueOf(queue, given)}:wait`);
    }
    client.disconnect();
    startWorker(queue);
    expect(bits(await running)).toEqual(await local(given));
  });

  it('goes on when its connections fall silent, as behind a machine that slept', async () => {
    const sockets: Socket[] = [];
    const proxy = createServer((near) => {
      const far = connect(redis.port, '127.0.0.1');
      near.pipe(far).pipe(near);
      sockets.push(near, far);
      for (const socket of [near, far]) socket.on('error', () => undefined);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const url = `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const queue = queueName();
    const given = work(8, 3000);
    startWorker(queue);
    const quick = { compareMilliseconds: 500, silentMilliseconds: 1000 };
    let silenced = 0;
    const found = await results(on(queue, url, quick), given, {
      onEvent(event, count) {
        if (event.kind !== 'results' || count < 2 || silenced > 0) return;
        silenced = sockets.length;
        for (const socket of sockets) socket.unpipe().pause();
      },
    });
    expect(silenced).toBeGreaterThan(0);
    expect(bits(found)).toEqual(await local(given));
    for (const socket of sockets) socket.destroy();
    proxy.close();
  });

  it('ends with a sentence when another Lotka stops the same sweep, instead of handing it out for ever', async () => {
    const queue = queueName();
    const client = await connection();
    const given = work(4, 100);
    let added = false;
    const running = refused(results(on(queue), given, { onEvent: () => (added = true) }));
    while (!added) await sleep(20);
    await allow(client, queue, given.sweep, false);
    client.disconnect();
    startWorker(queue);
    expect((await running).message).toBe(
      `Sweep ${given.sweep} was stopped by another Lotka that trains it over the same queue; resume trains what is missing.`,
    );
  });

  it('forgets workers that were not heard of in a week, and passes over what no worker wrote', async () => {
    const queue = queueName();
    const client = await connection();
    const key = `${keyPrefix}:${queue}:workers`;
    const how = { lotka: packageVersion(), engines: { wasm: build }, training: 0 };
    await beat(client, queue, 'present', how);
    await client.hset(key, 'gone', JSON.stringify({ ...how, at: Date.now() - 8 * 24 * 3600 * 1000 }), 'odd', 'no JSON');
    await on(queue).check();
    expect([...(await roll(client, queue)).keys()]).toEqual(['present']);
    expect(await client.hkeys(key)).not.toContain('gone');
    client.disconnect();
  });

  it('is refused with a sentence where nothing can be written, before anything runs and later', async () => {
    const server = await startRedis();
    try {
      const client = await connection(server.url);
      await client.config('SET', 'maxmemory', '1');
      const full = new RegExp(`^Redis at ${server.url} cannot be used: its memory is full \\(`);
      expect((await refused(on('q', server.url).check())).message).toMatch(full);
      const error = await refused(results(on('q', server.url), work(2, 10)));
      expect(error).toMatchObject({ code: 'unavailable', message: expect.stringMatching(full) as string });
      await client.config('SET', 'maxmemory', '0');
      await client.replicaof('127.0.0.1', String(await freePort()));
      expect((await refused(on('q', server.url).check())).message).toMatch(/cannot be used: it is a copy that nobody may write to/);
      client.disconnect();
    } finally {
      await server.stop();
    }
  });

  it('stops within seconds though Redis is away', async () => {
    const server = await startRedis();
    try {
      const stopped = new AbortController();
      const running = results(on('q', server.url, { stopMilliseconds: 1500 }), work(3, 100), { signal: stopped.signal });
      await sleep(500);
      await server.kill();
      const begun = performance.now();
      stopped.abort();
      expect((await running).size).toBe(0);
      expect(performance.now() - begun).toBeLessThan(4500);
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
    const isVictim = (name: string): boolean => name.endsWith(String(victim.pid));
    // More than is trained before a silent worker counts as lost, however fast the machine; it is given up then.
    const told = new AbortController();
    const found = await results(on(queue), work(400, 12_000), {
      signal: told.signal,
      onEvent(event, count) {
        if (event.kind !== 'workers') return;
        if (count > 1 && victim.signalCode === null) void end(victim, 'SIGKILL');
        for (const { name, state } of event.workers) seen.set(name, (seen.get(name) ?? new Set()).add(state));
        if (event.workers.some(({ name, state }) => isVictim(name) && state === 'lost')) told.abort();
      },
    });
    clearInterval(strange);
    client.disconnect();
    expect(found.size).toBeGreaterThan(1);
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
      expect(inspect(wrong, { depth: 20, showHidden: true })).not.toContain('barley');
      vi.stubEnv('LOTKA_REDIS_PASSWORD', 'open sesame');
      const worker = startWorker(queue, { url: server.url });
      const given = work(3, 50);
      expect(bits(await results(on(queue, server.url), given))).toEqual(await local(given));
      expect(await end(worker, 'SIGINT')).toBe(0);
      expect(worker.said).not.toContain('sesame');
      expect((await refused(on(queue, server.url.replace('rediss', 'redis')).check())).message).toMatch(
        /closes the connection; perhaps it wants TLS/,
      );
      expect((await refused(on(queue, redis.url.replace('redis', 'rediss'), { connectMilliseconds: 1000 }).check())).message).toMatch(
        /perhaps it does not speak TLS \(redis:\/\/\)/,
      );
    } finally {
      await server.stop();
    }
  });

  it.runIf(process.platform === 'linux')('shows no password among the processes, and says where it belongs', async () => {
    const server = await startRedis({ password: 'sesame' });
    try {
      const worker = startWorker(queueName(), { url: server.url.replace('//', '//:sesame@') });
      await vi.waitFor(() => expect(worker.said).toContain('waits for trials'), { timeout: 10_000, interval: 50 });
      expect(readFileSync(`/proc/${worker.pid}/cmdline`, 'utf8')).toMatch(/^lotka worker/);
      expect(readFileSync(`/proc/${worker.pid}/cmdline`, 'utf8')).not.toContain('sesame');
      expect(worker.said).toMatch(/^A password on the command line can be read by others on this machine .*; set LOTKA_REDIS_PASSWORD\.$/m);
      expect(worker.said).not.toContain('sesame');
      expect(await end(worker, 'SIGINT')).toBe(0);
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

describe('the service over a Redis queue', () => {
  const { open: openService } = testServices();
  const definition = (steps: number): SweepDefinition => ({
    name: 'widths',
    experiment: 'survival',
    preset: null,
    parameters: { modulus: 7, embeddingWidth: 6, precision: 'f64', steps },
    backend: 'wasm',
    axes: [{ kind: 'list', parameter: 'hiddenWidths', values: [[8], [9], [10], [700, 700]] }],
    sampling: { kind: 'grid' },
    seeds: { parameters: ['mlpSeed'], first: 0, count: 4 },
    keep: 'outcomes',
  });

  it('tells workers, throughput and failures, and writes the password nowhere', async () => {
    const server = await startRedis({ password: 'open-sesame' });
    try {
      const { client, root } = await openService();
      const queue = queueName();
      const url = server.url.replace('//', '//:open-sesame@');
      const { sweep } = await client.call('sweeps.start', { definition: definition(20_000), place: { kind: 'redis', url, queue } });
      const redisClient = await connection(url);
      const jobs = async (): Promise<string[]> => redisClient.keys(`${keyPrefix}:${queue}-*${sweep}*`);
      await vi.waitFor(async () => expect(await jobs()).not.toEqual([]), { timeout: 10_000 });
      for (const key of await jobs()) expect(JSON.stringify(await redisClient.hgetall(key))).not.toContain('sesame');
      expect(JSON.stringify(await redisClient.client('LIST'))).not.toContain('sesame');
      redisClient.disconnect();
      startWorker(queue, { url: server.url, environment: { LOTKA_REDIS_PASSWORD: 'open-sesame', LOTKA_RUN_MEMORY: '16' } });
      const seen: SweepWorker[] = [];
      for await (const { record, workers: now } of client.stream('sweeps.watch', { sweep })) {
        expect(JSON.stringify(record)).not.toContain('sesame');
        seen.push(...now);
        if (record.status === 'running') continue;
        expect(record).toMatchObject({ status: 'finished', done: 16, failed: 4 });
        break;
      }
      expect(seen.at(-1)).toMatchObject({ trials: 16, failures: 4 });
      expect(seen.at(-1)!.perMinute).toBeGreaterThan(16);
      expect(new Set(seen.map(({ state }) => state))).toContain('training');
      for (const file of ['sweep.json', 'results.jsonl'])
        expect(readFileSync(join(root, 'sweeps', sweep, file), 'utf8')).not.toContain('sesame');
    } finally {
      await server.stop();
    }
  });

  it('does not train a sweep that was deleted, or when it was closed, while it still looked for its Redis', async () => {
    // Every connection stands only after a second.
    const proxy = createServer((near) => {
      const far = connect(redis.port, '127.0.0.1');
      for (const socket of [near, far]) socket.on('error', () => undefined);
      setTimeout(() => near.pipe(far).pipe(near), 1000);
    }).listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { client, service } = await openService();
    const place = { kind: 'redis', url: `redis://127.0.0.1:${(proxy.address() as AddressInfo).port}`, queue: queueName() } as const;
    const begin = async (): Promise<string> => {
      const { sweep } = await client.call('sweeps.start', { definition: definition(200), place });
      await client.call('sweeps.pause', { sweep });
      return sweep;
    };
    const [deleted, closed] = [await begin(), await begin()];
    const gone = refused(client.call('sweeps.resume', { sweep: deleted }));
    await client.call('sweeps.delete', { sweep: deleted });
    expect((await gone).code).toBe('not-found');
    expect((await client.call('sweeps.list', {})).sweeps.map(({ id }) => id)).toEqual([closed]);
    const late = refused(client.call('sweeps.resume', { sweep: closed }));
    await sleep(100);
    await service.sweeps.close();
    expect(await late).toMatchObject({ code: 'closed' });
    expect(service.sweeps.record(closed).status).toBe('paused');
    proxy.close();
  });
});
