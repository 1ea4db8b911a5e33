import { cleanup, render, screen } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { afterEach, expect, it } from 'vitest';
import type { BenchResult, BenchRow } from '#app/protocol/bench.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { OutputOf } from '#app/protocol/define.ts';
import { Workbench } from '#renderer/state/workbench.svelte.ts';
import { RecordedService } from '#renderer/testing/recorded-service.ts';
import WithTooltips from '#renderer/testing/WithTooltips.svelte';
import BenchScreen from './BenchScreen.svelte';

afterEach(cleanup);

const spread = (median: number) => ({ minimum: median * 0.9, q10: median * 0.95, median, q90: median * 1.05 });

function rowOf(part: Partial<BenchRow>): BenchRow {
  return {
    id: 'w2-f32/lean/wasm-relaxed',
    workload: 'w2-f32',
    title: 'lean',
    ours: 'Lotka wasm-relaxed',
    against: 'PyTorch 2.13.0, lean',
    unit: '×',
    value: spread(2.8),
    wall: spread(2.7),
    target: { least: 2.5, aim: 3.3 },
    gate: { passed: true, detail: 'steps 1-10 within 1e-7' },
    note: null,
    ...part,
  };
}

function resultOf(rows: BenchRow[]): BenchResult {
  return {
    format: 1,
    created: '2026-11-22T18:00:00.000Z',
    rounds: 9,
    burstMilliseconds: 300,
    machine: {
      cpu: 'A Processor',
      cores: 2,
      memory: 1,
      platform: 'linux x64',
      node: '20',
      v8: '11',
      flags: [],
      engines: { wasm: '0123456789abcdef' },
      lotka: '0.1.0',
      commit: 'abc',
      load: { before: [0.1], after: [1] },
    },
    peak: { fused32: 57.4, fused64: 29, separate32: 48, separate64: 24, native: { f32: 58.7, f64: 29.5 }, nativeNote: null },
    peerEnvironment: {},
    missing: [{ name: 'torch', reason: 'no python3 was found' }],
    rows,
    workloads: [
      {
        id: 'w2-f32',
        title: 'Effective-theory toy, f32',
        noise: 1e-6,
        engines: [
          {
            id: 'wasm lean',
            name: 'Lotka wasm',
            form: 'training only',
            versions: {},
            skipped: null,
            cpu: spread(0.3),
            wall: spread(0.31),
            memory: 2 ** 20,
            losses: null,
            measures: {},
            rounds: [],
          },
          {
            id: 'tensorflow lean',
            name: 'Lotka tensorflow',
            form: 'training only',
            versions: {},
            skipped: 'it is not installed',
            cpu: null,
            wall: null,
            memory: null,
            losses: null,
            measures: {},
            rounds: [],
          },
        ],
      },
    ],
  };
}

async function show(answer: OutputOf<Contract['bench.latest']>): Promise<void> {
  const workbench = new Workbench(new RecordedService({ 'bench.latest': () => answer }));
  render(WithTooltips, { shown: BenchScreen as Component<Record<string, unknown>>, given: { workbench } });
  await screen.findByText(answer.result ? 'Times of everybody' : 'No result yet');
}

const row = (id: string) => document.querySelector(`[data-row="${id}"]`);

it('shows ratio, spread, target and what became of it', async () => {
  const missed = rowOf({ id: 'missed', value: spread(1.2) });
  await show({ source: 'own', path: '/store/bench/latest.json', result: resultOf([rowOf({}), missed]), trouble: null });
  expect(row('w2-f32/lean/wasm-relaxed')?.textContent).toMatch(/lean.*2\.80 ×.*2\.66 – 2\.94.*2\.70.*≥ 2\.5, aim 3\.3.*reached.*equal/s);
  expect(row('w2-f32/lean/wasm-relaxed')?.getAttribute('data-verdict')).toBe('least');
  expect(row('missed')?.getAttribute('data-verdict')).toBe('missed');
});

it('says whose result it is, and who took no part', async () => {
  await show({ source: 'shipped', path: '/app/latest.json', result: resultOf([]), trouble: null });
  expect(document.body.textContent).toMatch(/Shipped with Lotka, measured elsewhere, 22 Nov 2026/);
  expect(document.body.textContent).toMatch(/Without torch.*no python3 was found/s);
  expect(document.body.textContent).toMatch(/Lotka tensorflow.*skipped: it is not installed/s);
});

it('makes no claim where the numbers differ', async () => {
  const differing = rowOf({
    value: null,
    wall: null,
    gate: { passed: false, detail: 'step 100 differs' },
    note: 'no ratio, since the two do not compute the same',
  });
  await show({ source: 'own', path: '/p', result: resultOf([differing]), trouble: null });
  expect(row(differing.id)?.textContent).toMatch(/no claim.*differs/s);
  expect(screen.getByText('no ratio, since the two do not compute the same: step 100 differs')).toBeDefined();
});

it('says how to get a first result, and which file is broken', async () => {
  await show({ source: null, path: '/p', result: null, trouble: '/p cannot be read.' });
  expect(screen.getByText('/p cannot be read.')).toBeDefined();
});
