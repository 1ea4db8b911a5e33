import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { BenchResult } from '#app/protocol/bench.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { benchFolder, latestBench } from './bench.ts';

const burst = { steps: 1, t: 1, cpu: 1 };

const result = (lotka: string): BenchResult => ({
  format: 1,
  created: '2026-01-01T00:00:00.000Z',
  rounds: 1,
  burstMilliseconds: 10,
  machine: {
    cpu: 'A Processor',
    cores: 2,
    memory: 1,
    platform: 'linux x64',
    node: '20',
    v8: '11',
    flags: [],
    engines: {},
    lotka,
    commit: null,
    load: { before: [0], after: [0] },
  },
  peak: { fused32: null, fused64: null, separate32: 1, separate64: 1, native: null, nativeNote: 'there is no gcc here' },
  peerEnvironment: {},
  missing: [],
  rows: [],
  workloads: [
    {
      id: 'w1-f32',
      title: 'W1',
      noise: null,
      engines: [
        {
          id: 'wasm train',
          name: 'Lotka wasm',
          form: 'training',
          versions: {},
          skipped: null,
          cpu: null,
          wall: null,
          memory: null,
          losses: null,
          measures: {},
          rounds: [burst],
        },
      ],
    },
  ],
});

function place(own: unknown, shipped: unknown): ReturnType<typeof latestBench> {
  const [store, program] = [temporaryFolder(), join(temporaryFolder(), 'latest.json')];
  mkdirSync(benchFolder(store));
  if (own !== undefined) writeFileSync(join(benchFolder(store), 'latest.json'), JSON.stringify(own));
  if (shipped !== undefined) writeFileSync(program, JSON.stringify(shipped));
  return latestBench(store, program);
}

it('prefers what was measured here, and sends no single bursts', () => {
  const answer = place(result('here'), result('shipped'));
  expect(answer).toMatchObject({ source: 'own', trouble: null, result: { machine: { lotka: 'here' } } });
  expect(answer.result?.workloads[0]?.engines[0]?.rounds).toEqual([]);
});

it('shows what was shipped where nothing was measured', () => {
  expect(place(undefined, result('shipped'))).toMatchObject({ source: 'shipped', result: { machine: { lotka: 'shipped' } } });
  expect(place(undefined, undefined)).toMatchObject({ source: null, result: null, trouble: null });
});

it('says which file cannot be read', () => {
  const answer = place({ format: 2 }, result('shipped'));
  expect(answer.source).toBe('shipped');
  expect(answer.trouble).toMatch(/latest\.json cannot be read as a result of the benchmark: run lotka bench again, or delete it\.$/);
});
