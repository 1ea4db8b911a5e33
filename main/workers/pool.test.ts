import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Checkpoint } from '#app/engine/types.ts';
import type { Parameters } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { small } from '#main/testing/small.ts';
import type { TrainingBatch, TrainingResult } from './engine-contract.ts';
import { Pool } from './pool.ts';
import type { TrainingStart } from './training-run.ts';
import { spawnWorker, type WorkerHandle } from './worker-handle.ts';

let workerFile: string;
beforeAll(async () => {
  workerFile = join(await buildBundle('engine-worker'), 'engine-worker.js');
});

const pools: Pool[] = [];
afterEach(() => {
  for (const pool of pools.splice(0)) pool.close();
});

function open(size: number): { pool: Pool; workers: WorkerHandle[] } {
  const workers: WorkerHandle[] = [];
  const pool = new Pool({
    size,
    spawn: () => {
      workers.push(spawnWorker(workerFile));
      return workers.at(-1)!;
    },
  });
  pools.push(pool);
  return { pool, workers };
}

const start = (run: string, parameters: Parameters, changes: Partial<TrainingStart> = {}): TrainingStart => ({
  run,
  experiment: 'survival',
  parameters,
  backend: 'wasm',
  checkpoint: null,
  paused: false,
  ...changes,
});

/** A digest of all that a run recorded and ended with. */
class Digest {
  readonly #rows = new Map<string, number[]>();
  readonly #frames: unknown[] = [];
  #checkpoint: Checkpoint | null = null;
  state = '';

  take(batch: Pick<TrainingBatch, 'rows' | 'frames' | 'state'>, checkpoint: Checkpoint | null): void {
    for (const [name, values] of Object.entries(batch.rows)) this.#rows.set(name, [...(this.#rows.get(name) ?? []), ...values]);
    for (const { name, step, values } of batch.frames) this.#frames.push([name, step, [...values]]);
    this.#checkpoint = checkpoint ?? this.#checkpoint;
    this.state = batch.state;
  }

  get text(): string {
    const { step, arrays } = this.#checkpoint!;
    const state = Object.entries(arrays).map(([name, { values }]) => [name, [...values]]);
    return createHash('sha256')
      .update(JSON.stringify([[...this.#rows].sort(), this.#frames, step, state]))
      .digest('hex');
  }
}

async function alone(
  pool: Pool,
  run: TrainingStart,
  onBatch: (batch: TrainingBatch) => void | Promise<void> = () => undefined,
): Promise<string> {
  const digest = new Digest();
  const training = pool.train(run, async (batch) => {
    digest.take(batch, batch.checkpoint?.state ?? null);
    await onBatch(batch);
  });
  await training.done;
  expect(digest.state).toBe('finished');
  return digest.text;
}

const digestOf = (result: TrainingResult): string => {
  const digest = new Digest();
  digest.take({ ...result, state: 'finished' }, result.checkpoint);
  return digest.text;
};

const seeds = Array.from({ length: 12 }, (_, seed) => small({ mlpSeed: seed, steps: 40 + seed }));
const group = (runs = seeds) => runs.map((parameters, i) => ({ run: `run-${i}-of-group`, experiment: 'survival', parameters }));

async function together(
  pool: Pool,
  runs = group(),
  onResults: (results: readonly TrainingResult[]) => void = () => undefined,
): Promise<string[]> {
  const found = new Map<string, string>();
  await pool.trainMany({ backend: 'wasm', runs }, (results) => {
    for (const result of results) {
      expect(found.has(result.run)).toBe(false);
      found.set(result.run, result.state === 'finished' ? digestOf(result) : `${result.state}: ${result.message}`);
    }
    onResults(results);
  }).done;
  return runs.map(({ run }) => found.get(run)!);
}

describe('the same bits', () => {
  let expected: string[];
  beforeAll(async () => {
    const { pool } = open(1);
    expected = await Promise.all(seeds.map((parameters, i) => alone(pool, start(`run-${i}-alone`, parameters))));
    expect(new Set(expected).size).toBe(seeds.length);
  });

  it.each([1, 2, 3])('from %i workers, each run alone', async (size) => {
    const { pool } = open(size);
    expect(await Promise.all(seeds.map((parameters, i) => alone(pool, start(`run-${i}-alone`, parameters))))).toEqual(expected);
  });

  it.each([1, 2, 3])('from %i workers, several runs in one call', async (size) => {
    const { pool } = open(size);
    expect(await together(pool)).toEqual(expected);
  });

  it('when workers are killed in the middle of a group', async () => {
    const { pool, workers } = open(2);
    const longer = seeds.map((parameters) => ({ ...parameters, steps: 4000 }));
    const whole = await together(pool, group(longer));
    const before = workers.length;
    let kills = 2;
    const killed = await together(pool, group(longer), () => {
      if (kills-- > 0) workers.at(-1)!.terminate();
    });
    expect(workers.length).toBeGreaterThan(before);
    expect(killed).toEqual(whole);
  });

  it('when a run gives way again and again and goes on wherever there is room', async () => {
    const { pool } = open(2);
    const parameters = small({ steps: 20_000 });
    const whole = await alone(pool, start('run-whole', parameters));
    const states: string[] = [];
    const background = alone(pool, start('run-background', parameters, { priority: 'background' }), ({ state }) => void states.push(state));
    const neighbour = pool.train(start('run-neighbour', small({ steps: 100_000 })), () => undefined);
    for (let i = 0; i < 4; i++) {
      const watched = pool.train(start(`run-watched-${i}`, small({ steps: 200 })), () => undefined);
      watched.watched = true;
      await watched.done;
    }
    expect(await background).toBe(whole);
    expect(states.filter((state) => state === 'waiting').length).toBeGreaterThanOrEqual(2);
    await neighbour.stop();
    await neighbour.done;
  });
});

it('a run that was paused goes on in another worker when its own is taken, to the same bits', async () => {
  const { pool } = open(2);
  const parameters = small({ steps: 8000 });
  const whole = await alone(pool, start('run-whole', parameters));
  const digest = new Digest();
  const states: string[] = [];
  const training = pool.train(start('run-moves', parameters), (batch) => {
    digest.take(batch, batch.checkpoint?.state ?? null);
    states.push(batch.state);
  });
  while (states.length < 2) await new Promise((resolve) => setTimeout(resolve, 2));
  await training.pause();
  while (states.at(-1) !== 'paused') await new Promise((resolve) => setTimeout(resolve, 2));
  const others = ['run-takes-its-slot', 'run-other'].map((run) => pool.train(start(run, small({ steps: 100_000 })), () => undefined));
  training.resume();
  expect(states.at(-1)).toBe('paused');
  // Whichever of the two slots it came from, one of the two stops frees another or its own.
  await others[1]!.stop();
  await training.done;
  expect(digest.text).toBe(whole);
  expect(states.at(-1)).toBe('finished');
  await others[0]!.stop();
  await Promise.all(others.map(({ done }) => done));
});

it('can be told to stop, to pause and to step at any moment of its beginning', async () => {
  const { pool } = open(1);
  for (const wait of [() => undefined, () => Promise.resolve(), () => new Promise((resolve) => setImmediate(resolve))]) {
    const states: string[] = [];
    const stopped = pool.train(start('run-stops', small({ steps: 100_000 })), ({ state }) => void states.push(state));
    await wait();
    await stopped.stop();
    await stopped.done;
    expect(states.at(-1)).toBe('stopped');
    const paused = pool.train(start('run-pauses', small({ steps: 100_000 })), ({ state }) => void states.push(state));
    await wait();
    expect(await paused.pause()).toBe('asked');
    while (states.at(-1) !== 'paused') await new Promise((resolve) => setTimeout(resolve, 1));
    await paused.stop();
    await paused.done;
  }
});

describe('a group', () => {
  it('fails the run that cannot be trained and no other', async () => {
    const { pool } = open(2);
    const runs = group();
    const wrong = [...runs.slice(0, 3), { ...runs[3]!, parameters: { ...seeds[3], modulus: 3 } }, ...runs.slice(4)];
    const [bad, ...good] = [...(await together(pool, wrong))].sort(
      (a, b) => Number(b.startsWith('failed')) - Number(a.startsWith('failed')),
    );
    expect(bad).toMatch(/^failed: modulus = 3 cannot be used/);
    expect(good.every((text) => /^[0-9a-f]{64}$/.test(text))).toBe(true);
  });

  it('gives up a run whose worker dies each time, and trains the others', async () => {
    const { pool, workers } = open(1);
    const runs = [
      ...group(seeds.slice(0, 3)),
      { run: 'run-deadly', experiment: 'survival', parameters: small({ steps: 100_000, hiddenWidths: [16, 16] }) },
    ];
    const killer = setInterval(() => workers.at(-1)!.terminate(), 1500);
    const results = await together(pool, runs);
    clearInterval(killer);
    expect(results.at(-1)).toMatch(/^failed: An engine worker ended unexpectedly/);
    expect(results.slice(0, 3).every((text) => /^[0-9a-f]{64}$/.test(text))).toBe(true);
  });

  it('lets others have the slot between two calls, by their priority', async () => {
    const { pool } = open(1);
    const many = Array.from({ length: 400 }, (_, i) => ({
      run: `run-${i}`,
      experiment: 'survival',
      parameters: small({ mlpSeed: i, steps: 100 }),
    }));
    let told = 0;
    const training = pool.trainMany({ backend: 'wasm', runs: many }, (results) => void (told += results.length));
    while (told === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await alone(pool, start('run-mine', small()));
    expect(told).toBeLessThan(many.length);
    await training.done;
    expect(told).toBe(many.length);
  });

  it('costs a message for many runs, and less time than runs one by one', async () => {
    const { pool } = open(1);
    const runs = Array.from({ length: 60 }, (_, i) => ({
      run: `run-${i}`,
      experiment: 'survival',
      parameters: small({ mlpSeed: i, steps: 5 }),
    }));
    await together(pool, runs);
    let messages = 0;
    await together(pool, runs, () => void messages++);
    expect(messages).toBeLessThan(30);
  });

  it('ends with nothing to do', async () => {
    const { pool } = open(2);
    await pool.trainMany({ backend: 'wasm', runs: [] }, () => expect.unreachable()).done;
  });

  it('stops when its receiver fails, with what that threw', async () => {
    const { pool } = open(2);
    const training = pool.trainMany({ backend: 'wasm', runs: group() }, () => {
      throw new LotkaError('disk-full', 'The disk is full.');
    });
    await expect(training.done).rejects.toThrow('The disk is full.');
    expect(await alone(pool, start('run-after', small()))).toMatch(/^[0-9a-f]{64}$/);
  });
});

/** About 20 ms a step. */
const slow = () => small({ modulus: 59, embeddingWidth: 128, hiddenWidths: [100, 100], steps: 100_000, precision: 'f64' });

describe('stopping answers at once', () => {
  const limit = process.env.LOTKA_STRICT_TIMES ? 100 : 1000;

  it('a run, a waiting run, a group', async () => {
    const { pool } = open(1);
    const parameters = slow();
    const latencies: number[] = [];
    for (let i = 0; i < 5; i++) {
      let steps = 0;
      let asked = 0;
      const training = pool.train(start(`run-slow-${i}`, parameters), (batch) => {
        steps += batch.count;
        if (batch.state === 'stopped') latencies.push(performance.now() - asked);
      });
      const waiting = pool.train(start(`run-waits-${i}`, parameters), () => expect.unreachable());
      while (steps < 5) await new Promise((resolve) => setTimeout(resolve, 7));
      const before = performance.now();
      await waiting.stop();
      await waiting.done;
      expect(performance.now() - before).toBeLessThan(limit);
      asked = performance.now();
      await training.stop();
      await training.done;
    }
    expect(latencies).toHaveLength(5);
    expect(Math.max(...latencies)).toBeLessThan(limit);

    const many = pool.trainMany({ backend: 'wasm', runs: group([parameters, parameters]) }, () => undefined);
    await new Promise((resolve) => setTimeout(resolve, 500));
    const asked = performance.now();
    many.cancel();
    await expect(many.done).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - asked).toBeLessThan(limit);
    // The engine heard of it: the slot is free for the next one.
    await alone(pool, start('run-next', small({ steps: 5 })));
    expect(performance.now() - asked).toBeLessThan(limit + 500);
  });
});

it('waits for a slow receiver with little in memory', async () => {
  const { pool } = open(1);
  let release = (): void => undefined;
  let batches = 0;
  let rows = 0;
  const blocked = new Promise<void>((resolve) => (release = resolve));
  const training = pool.train(start('run-slow-receiver', small({ steps: 100_000 })), async ({ count }) => {
    batches++;
    rows += count;
    if (batches === 3) await blocked;
  });
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(batches).toBe(3);
  const before = rows;
  release();
  // What had been computed meanwhile comes at once: no more than the few batches that may be under way.
  await new Promise((resolve) => setTimeout(resolve, 0));
  await training.stop();
  const atStop = rows;
  await training.done;
  expect(atStop - before).toBeLessThan(100_000);
});

it('a dead worker takes its own runs with it and leaves the others alone', async () => {
  const { pool, workers } = open(2);
  const parameters = small({ steps: 20_000 });
  const whole = await alone(pool, start('run-whole', parameters));
  const [died, lived] = [alone(pool, start('run-dies', { ...parameters, steps: 100_000 })), alone(pool, start('run-lives', parameters))];
  void died.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 100));
  workers[0]!.terminate();
  await expect(died).rejects.toMatchObject({ code: 'crashed' });
  expect(await lived).toBe(whole);
  expect(await alone(pool, start('run-after', parameters))).toBe(whole);
});

it('computes with the backend of the run: roundings of its own, repeated bit by bit', async () => {
  const { pool } = open(2);
  const parameters = small({ steps: 400, precision: 'f32' });
  const digest = (run: string, backend: TrainingStart['backend']) => alone(pool, start(run, parameters, { backend }));
  const [plain, relaxed, again, reference] = await Promise.all([
    digest('run-plain', 'wasm'),
    digest('run-relaxed', 'wasm-relaxed'),
    digest('run-again', 'wasm-relaxed'),
    digest('run-reference', 'reference'),
  ]);
  expect(again).toBe(relaxed);
  expect(relaxed).not.toBe(plain);
  expect(reference).not.toBe(plain);
});
