import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, it } from 'vitest';
import type { SweepDefinition, SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { testServices } from '#main/testing/service.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { readResults } from './folder.ts';

/** More with LOTKA_KILLS=100. */
const kills = Number(process.env.LOTKA_KILLS ?? 12);

const parameters = { modulus: 7, embeddingWidth: 6, hiddenWidths: [8], steps: 1200, precision: 'f64' };
const assignments = Object.entries(parameters).map(([name, value]) => `${name}=${String(value)}`);
const command = [
  ...['sweep', 'survival', '--set', ...assignments],
  ...['--axis', 'learningRate=1e-3..1e-1:5:log', '--axis', 'weightDecay=0..1:5', '--seeds', '2', '--json'],
];

let cli: string;
beforeAll(async () => {
  cli = join(await buildBundle('cli', 'engine-worker'), 'cli.js');
});
const { open } = testServices();

function lotka(store: string, args: readonly string[], workers = 1) {
  const child = spawn(process.execPath, [cli, ...args], {
    env: { ...process.env, LOTKA_STORE: store, LOTKA_WORKERS: String(workers) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let out = '';
  let errors = '';
  child.stdout.on('data', (chunk) => (out += String(chunk)));
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  return {
    child,
    ended: once(child, 'close').then(([code]) => ({ code: code as number | null, out, errors })),
    begun: () => /^sweep (\S+)$/m.exec(errors)?.[1] ?? null,
  };
}

const mapOf = (results: Iterable<TrialResult>): unknown[] =>
  [...results]
    .sort((a, b) => a.point - b.point || a.seed - b.seed)
    .map(({ point, seed, state, outcomes, step, message }) => ({ point, seed, state, outcomes, step, message }));

const storedMap = (store: string, sweep: string): unknown[] => mapOf(readResults(join(store, 'sweeps', sweep)).values());

async function undisturbed(): Promise<unknown[]> {
  const store = temporaryFolder();
  const { code, out, errors } = await lotka(store, command, 2).ended;
  expect(code, errors).toBe(0);
  const map = storedMap(store, (JSON.parse(out) as { sweep: string }).sweep);
  expect(map).toHaveLength(50);
  return map;
}

it(
  `a service that is killed at ${kills} random moments loses nothing it recorded and comes to the same map`,
  async () => {
    const expected = await undisturbed();
    const store = temporaryFolder();
    let sweep: string | null = null;
    let recorded = 0;
    let grew = 0;
    for (let kill = 0; kill < kills; kill++) {
      const process = lotka(store, sweep === null ? command : ['sweep', '--resume', sweep, '--json']);
      while (process.begun() === null && process.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 5));
      // Some before anything is trained, most while results are written, however fast the machine is.
      const results = () => (begun === null ? 0 : readResults(join(store, 'sweeps', begun)).size);
      const begun = process.begun();
      const enough = recorded + (kill % 4 === 0 ? 0 : 1 + Math.floor(Math.random() * 6));
      while (results() < enough && process.child.exitCode === null) await new Promise((resolve) => setTimeout(resolve, 2));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 30));
      process.child.kill('SIGKILL');
      const { errors } = await process.ended;
      sweep ??= process.begun();
      if (sweep === null) throw new Error(errors);
      const file = join(store, 'sweeps', sweep, 'results.jsonl');
      const kept = readResults(join(store, 'sweeps', sweep));
      expect(kept.size).toBeGreaterThanOrEqual(recorded);
      if (kept.size > recorded) grew++;
      recorded = kept.size;
      expect(mapOf(kept.values()).every((result) => expected.some((other) => JSON.stringify(other) === JSON.stringify(result)))).toBe(true);
      if (recorded === expected.length) break;
      // What a kill in the middle of a write leaves behind.
      if (kill % 3 === 1) writeFileSync(file, `${readFileSync(file, { encoding: 'utf8', flag: 'a+' })}{"point":0,"seed":0,"state":"fin`);
    }
    expect(grew).toBeGreaterThan(1);
    const { code, out, errors } = await lotka(store, ['sweep', '--resume', sweep!, '--json'], 2).ended;
    // It may have come to its end before the last kill.
    if (code !== 0) expect(errors).toContain('has all its results');
    else expect(JSON.parse(out)).toMatchObject({ sweep, status: 'finished', planned: 50, done: 50, failed: 0 });
    expect(storedMap(store, sweep!)).toEqual(expected);
    const lines = readFileSync(join(store, 'sweeps', sweep!, 'results.jsonl'), 'utf8')
      .trimEnd()
      .split('\n');
    expect(lines).toHaveLength(50);
  },
  kills * 8000 + 60_000,
);

it('engine workers that are killed at random moments do not change the map', async () => {
  const expected = await undisturbed();
  const { client, workers } = await open(undefined, { size: 2 });
  const definition: SweepDefinition = {
    name: 'killed',
    experiment: 'survival',
    preset: null,
    parameters,
    backend: 'wasm',
    axes: [
      { kind: 'range', parameter: 'learningRate', scale: 'log', from: 1e-3, to: 1e-1, count: 5 },
      { kind: 'range', parameter: 'weightDecay', scale: 'linear', from: 0, to: 1, count: 5 },
    ],
    sampling: { kind: 'grid' },
    seeds: { parameters: ['embeddingSeed', 'mlpSeed', 'splitSeed'], first: 0, count: 2 },
    keep: 'outcomes',
  };
  const { sweep } = await client.call('sweeps.start', { definition });
  let over = false;
  let killed = 0;
  const killer = (async () => {
    while (!over) {
      await new Promise((resolve) => setTimeout(resolve, 60 + Math.random() * 200));
      const worker = workers.at(-1 - (killed % 2));
      if (!over && worker) {
        worker.terminate();
        killed++;
      }
    }
  })();
  const untilStopped = async (): Promise<SweepRecord> => {
    for await (const { record } of client.stream('sweeps.watch', { sweep })) if (record.status !== 'running') return record;
    throw new Error('the stream ended');
  };
  const first = await untilStopped();
  over = true;
  await killer;
  expect(first).toMatchObject({ status: 'finished', done: 50 });
  // A trial that lost its worker three times running is given up as the possible cause, until somebody says otherwise.
  if (first.failed > 0) await client.call('sweeps.retry', { sweep });
  expect(await untilStopped()).toMatchObject({ status: 'finished', done: 50, failed: 0 });
  expect(killed).toBeGreaterThan(2);
  expect(mapOf((await client.call('sweeps.results', { sweep })).results)).toEqual(expected);
});
