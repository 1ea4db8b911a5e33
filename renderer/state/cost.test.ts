import { expect, it } from 'vitest';
import type { Experiment } from '#app/experiments/experiment.ts';
import { recordOf } from '#renderer/testing/recorded-service.ts';
import { bytes, costLine, duration, measuredSpeed, withPrefix } from './cost.ts';

it('writes quantities with two or three digits', () => {
  expect([0, 999, 1000, 14_200_000, 266e6, 999.6e6].map(withPrefix)).toEqual(['0 ', '999 ', '1 k', '14 M', '266 M', '1 G']);
  expect(bytes(14_000_000)).toBe('14 MB');
});

it('writes durations as people say them', () => {
  expect([0.42, 3.2, 28, 99.4, 200, 3600, 7500].map(duration)).toEqual(['0.4 s', '3 s', '28 s', '99 s', '3 min 20 s', '1 h', '2 h 5 min']);
  expect(duration(Infinity)).toBe('unknown time');
});

const estimate = { steps: 1000, flopsPerStep: 2e6, bytesKept: 14e6, arenaBytes: 1 };
const experiment = { id: 'survival', estimate: () => estimate } as unknown as Experiment;
const finished = (seconds: number, precision: 'f32' | 'f64') =>
  recordOf({ status: 'finished', step: 1000, seconds, provenance: { ...recordOf().provenance, precision } });

it('estimates time only from what was measured', () => {
  expect(costLine(estimate, null)).toBe('2 MFLOP a step, time not measured yet on this machine, 14 MB kept');
  expect(costLine(estimate, 1e8)).toBe('2 MFLOP a step, about 20 s, 14 MB kept');
});

it('takes the newest run of the same precision that lasted long enough', () => {
  expect(measuredSpeed([], experiment, 'f32')).toBeNull();
  expect(measuredSpeed([finished(0.1, 'f32')], experiment, 'f32')).toBeNull();
  expect(measuredSpeed([finished(4, 'f64'), finished(2, 'f32'), finished(8, 'f32')], experiment, 'f32')).toBe(1e9);
  expect(measuredSpeed([finished(4, 'f64')], experiment, 'f32')).toBe(5e8);
});
