import { expect, it } from 'vitest';
import { noDatasets } from '#app/datasets/dataset.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import type { Experiment } from './experiment.ts';
import { bytes, claimsCostLine, costLine, duration, measuredSpeed, withPrefix } from './cost.ts';

it('writes quantities with two or three digits', () => {
  expect([0, 999, 1000, 14_200_000, 266e6, 999.6e6].map(withPrefix)).toEqual(['0 ', '999 ', '1 k', '14 M', '266 M', '1 G']);
  expect(bytes(14_000_000)).toBe('14 MB');
});

it('writes durations as people say them', () => {
  expect([0.42, 3.2, 28, 99.4, 200, 3600, 7500].map(duration)).toEqual(['0.4 s', '3 s', '28 s', '99 s', '3 min 20 s', '1 h', '2 h 5 min']);
  expect(duration(Infinity)).toBe('unknown time');
});

const estimate = { steps: 1000, flopsPerStep: 2e6, bytesKept: 14e6, arenaBytes: 30e6, rowBytes: 1e6 };
const experiment = { id: 'survival', estimate: () => estimate } as unknown as Experiment;
const finished = (seconds: number, precision: 'f32' | 'f64', backend = 'wasm') =>
  ({ experiment: 'survival', step: 1000, seconds, parameters: {}, forkedFrom: null, provenance: { precision, backend } }) as RunRecord;
const speed = (runs: readonly RunRecord[], backend = 'wasm') => measuredSpeed(runs, experiment, 'f32', backend, noDatasets);

it('estimates time only from what was measured', () => {
  expect(costLine(estimate, null)).toBe('2 MFLOP a step, time not measured yet on this machine, 31 MB of memory, 14 MB kept');
  expect(costLine(estimate, 1e8)).toBe('2 MFLOP a step, about 20 s, 31 MB of memory, 14 MB kept');
});

it('takes the newest run of the same backend and precision that lasted long enough, else one of the same precision', () => {
  expect(speed([])).toBeNull();
  expect(speed([finished(0.1, 'f32')])).toBeNull();
  expect(speed([finished(4, 'f64'), finished(2, 'f32'), finished(8, 'f32')])).toBe(1e9);
  expect(speed([finished(4, 'f64')])).toBe(5e8);
  const both = [finished(2, 'f32', 'wasm-relaxed'), finished(4, 'f32')];
  expect(speed(both)).toBe(5e8);
  expect(speed(both, 'tensorflow')).toBe(1e9);
});

it('says what a check of claims will train, and what need not be trained again', () => {
  const cost = { claims: 13, runs: 111, stored: 0, steps: 480_000, workers: 2, secondsInAll: 125 };
  expect(claimsCostLine(cost)).toBe('13 claims, 111 runs: 480,000 steps, about 2 min 5 s on 2 workers.');
  expect(claimsCostLine({ ...cost, claims: 1, runs: 1, stored: 1, steps: 0, workers: 1, secondsInAll: null })).toBe(
    '1 claim, 1 run, 1 of them stored: 0 steps.',
  );
});
