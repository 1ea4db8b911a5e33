import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import { BenchResult, verdict } from '#app/protocol/bench.ts';
import { buildBundle } from '#main/testing/bundle.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { Child, Skipped } from './child.ts';
import type { Standing } from './contenders.ts';
import { judge } from './gate.ts';
import { ratios, secondsPerStep } from './measure.ts';
import { readOptions } from './options.ts';
import { findPythons } from './pythons.ts';
import { parametersOf, perturbations, perturbedPrefix, readShared, writeShared } from './shared.ts';
import { quantile, spreadOf } from './statistics.ts';
import { describeResult } from './table.ts';
import { workloads } from './workloads/index.ts';

function standing(part: Partial<Standing>): Standing {
  const contender = {
    id: 'a',
    name: 'A',
    engine: 'wasm',
    form: 'train',
    label: '',
    start: { command: '', args: [], environment: {} },
  } as const;
  return { contender, child: null, skipped: null, losses: null, measures: {}, steps: 1, bursts: [], ...part };
}

describe('statistics', () => {
  it('quantiles lie between the extremes, grow with p, and hit order statistics', () => {
    // Adding 0 makes -0 an ordinary 0: Math.min tells them apart, order statistics need not.
    const value = fc.double({ min: -1e6, max: 1e6, noNaN: true }).map((number) => number + 0);
    const values = fc.array(value, { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: 0, max: 1, noNaN: true }), (list, p, q) => {
        expect(quantile(list, Math.min(p, q))).toBeLessThanOrEqual(quantile(list, Math.max(p, q)) + 1e-9);
        expect(quantile(list, 0)).toBe(Math.min(...list));
        expect(quantile(list, 1)).toBe(Math.max(...list));
      }),
    );
    expect(spreadOf([4, 1, 3, 2])).toEqual({ minimum: 1, q10: 1.3, median: 2.5, q90: 3.7 });
    expect(spreadOf([])).toBeNull();
  });

  it('ratios are those of the same round, a step of one run', () => {
    const burst = (steps: number, cpu: number) => ({ steps, cpu, t: 2 * cpu, loss: 0, rss: 0 });
    const ours = standing({ bursts: [burst(10, 1), burst(10, 2)] });
    const peer = standing({ bursts: [burst(5, 1), burst(5, 4)] });
    expect(ratios(ours, peer, 'cpu')).toMatchObject({ minimum: 2, median: 3 });
    expect(secondsPerStep(standing({ child: { runs: 4 } as Child, bursts: [burst(10, 8)] }), 't')).toEqual([0.4]);
  });
});

describe('the numerics gate', () => {
  const losses = (first: number[], late: number) => ({ first, late });
  const peer = standing({ losses: losses([1, 0.5], 0.1), measures: { accuracy: 0.5 } });
  const ours = (first: number[], late: number, measures = {}) => standing({ losses: losses(first, late), measures });

  it('passes what agrees within the spread of the peer itself', () => {
    expect(judge(ours([1, 0.5 * (1 + 1e-6)], 0.1002), peer, 'f32', 1e-3).passed).toBe(true);
    expect(judge(ours([1, 0.5], 0.1, { accuracy: 0.5 }), peer, 'f64', 0).passed).toBe(true);
  });

  it('fails everything else', () => {
    expect(judge(ours([1, 0.5 * (1 + 3e-6)], 0.1), peer, 'f32', 1e-3).passed).toBe(false);
    expect(judge(ours([1, 0.5 * (1 + 1e-6)], 0.1), peer, 'f64', 1e-3).passed).toBe(false);
    expect(judge(ours([1, 0.5], 0.1004), peer, 'f32', 1e-3).passed).toBe(false);
    expect(judge(ours([1, NaN], 0.1), peer, 'f32', 1).passed).toBe(false);
    expect(judge(ours([1, 0.5], NaN), peer, 'f32', 1).passed).toBe(false);
    expect(judge(ours([1, 0.5], 0.1, { accuracy: 0.6 }), peer, 'f32', 1).passed).toBe(false);
    expect(judge(ours([1, 0.5], 0.1), peer, 'f32', null).passed).toBe(false);
    expect(judge(standing({}), peer, 'f32', 1).passed).toBe(false);
  });
});

describe('options', () => {
  it('are all workloads, nine rounds of 300 ms, unless told', () => {
    expect(readOptions([])).toMatchObject({ rounds: 9, burstMilliseconds: 300, engines: null, json: null });
    expect([...readOptions(['--workload', 'w2,w5']).groups]).toEqual(['w2', 'w5']);
  });

  it('that cannot be used are named', () => {
    expect(() => readOptions(['--workload', 'w9'])).toThrow('--workload w9 is unknown; there are: w1, w2, w3, w4, w5.');
    expect(() => readOptions(['--rounds', '0'])).toThrow('--rounds 0 cannot be used: it is a whole number from 1 to 1000.');
    expect(() => readOptions(['--fast'])).toThrow(/--fast/);
  });
});

it.each(workloads)('$id reads what it wrote, perturbed by a rounding error', (workload) => {
  const shared = workload.shared();
  const read = readShared(writeShared(temporaryFolder(), shared));
  for (const [name, array] of Object.entries(shared.arrays)) {
    expect(read.arrays[name].shape).toEqual(array.shape);
    expect(
      Buffer.compare(
        Buffer.from(read.arrays[name].values.buffer, read.arrays[name].values.byteOffset, array.values.byteLength),
        Buffer.from(array.values.buffer, array.values.byteOffset, array.values.byteLength),
      ),
    ).toBe(0);
  }
  const error = workload.precision === 'f64' ? 2 ** -50 : 2 ** -21;
  for (let index = 0; index < perturbations; index++) {
    let moved = 0;
    for (const [name, values] of Object.entries(parametersOf(read, perturbedPrefix(index)))) {
      parametersOf(read)[name].forEach((value, at) => {
        if (value !== values[at]) moved++;
        if (!(Math.abs(value - values[at]) <= error * Math.abs(value))) expect.fail(`${name}[${at}]: ${value} became ${values[at]}`);
      });
    }
    expect(moved).toBeGreaterThan(10);
  }
});

it('finds no Python where there is none, and says so', () => {
  const { found, missing } = findPythons({ PATH: temporaryFolder(), LOTKA_BENCH_PYTHON: '/nowhere/python' });
  expect(found).toEqual([]);
  expect(missing.map(({ name }) => name)).toEqual(['/nowhere/python', 'torch', 'numpy']);
  expect(missing[1].reason).toBe('no python3 was found; LOTKA_BENCH_PYTHON may name a Python that does');
});

it('a child that says why it cannot take part, or ends, is skipped with the reason', async () => {
  const start = (code: string) => Child.start({ command: process.execPath, args: ['-e', code], environment: {} });
  await expect(start(`console.log('words'); console.log(JSON.stringify({ skip: 'no BLAS' }))`)).rejects.toThrow(new Skipped('no BLAS'));
  await expect(start(`console.error('broken'); process.exit(3)`)).rejects.toThrow(/code 3: broken/);
  await expect(Child.start({ command: '/nowhere', args: [], environment: {} })).rejects.toThrow(/ENOENT/);
});

describe('the benchmark as it is shipped', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await buildBundle('cli', 'bench');
  });

  it('measures, judges, writes; claims nothing without a peer, and keeps the last whole result', () => {
    const [store, results] = [temporaryFolder(), temporaryFolder()];
    writeFileSync(join(results, 'latest.json'), 'the last whole result');
    const args = ['bench', '--workload', 'w2', '--engines', 'wasm,wasm-relaxed,torch,numpy', '--rounds', '2', '--burst-ms', '10'];
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, 'cli.js'), ...args, '--results', results, '--json', join(store, 'own.json')],
      {
        encoding: 'utf8',
        env: { ...process.env, LOTKA_STORE: store, LOTKA_BENCH_PYTHON: '', PATH: temporaryFolder() },
      },
    );
    expect(stderr).toContain('written: ');
    expect(status).toBe(0);
    const result = BenchResult.parse(JSON.parse(readFileSync(join(store, 'bench', 'latest.json'), 'utf8')));
    expect(BenchResult.parse(JSON.parse(readFileSync(join(store, 'own.json'), 'utf8')))).toEqual(result);
    expect(readFileSync(join(results, 'latest.json'), 'utf8')).toBe('the last whole result');
    expect(readdirSync(results).length).toBe(2);
    const [toy] = result.workloads;
    expect(toy.engines.map(({ id }) => id)).toEqual(['wasm lean', 'wasm measured', 'wasm-relaxed lean', 'wasm-relaxed measured']);
    for (const engine of toy.engines) {
      expect(engine.rounds.length).toBe(2);
      expect(engine.cpu?.median).toBeGreaterThan(0);
      expect(engine.losses?.first.length).toBe(10);
      expect(engine.losses?.late).toBeLessThan(engine.losses?.first[0] ?? 0);
    }
    expect(toy.engines[1].measures).toMatchObject({ quality: expect.any(Number) as number, testLoss: expect.any(Number) as number });
    const lean = result.rows.find(({ id }) => id === 'w2-f32/lean/wasm-relaxed');
    expect(lean).toMatchObject({ value: null, target: { least: 2.5, aim: 3.3 }, note: 'no torch was found' });
    const memory = result.rows.find(({ unit }) => unit === 'MB');
    expect(memory && verdict(memory)).not.toBe('none');
    expect(result.peak.fused32).toBeGreaterThan(result.peak.fused64 ?? 0);
    expect(stdout).toBe(`${describeResult(result)}\n`);
  });

  it('refuses what it does not know', () => {
    const { status, stderr } = spawnSync(process.execPath, [join(folder, 'cli.js'), 'bench', '--workload', 'w7'], { encoding: 'utf8' });
    expect(stderr).toContain('--workload w7 is unknown; there are: w1, w2, w3, w4, w5.');
    expect(status).toBe(2);
    expect(existsSync(join(folder, 'bench.js'))).toBe(true);
  });
});
