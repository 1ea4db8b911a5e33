import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { RecordedRun } from '#app/experiments/experiment.ts';
import { rowAt, stepOf, trainingStepSeries } from './steps.ts';

const importedAt = (steps: readonly number[]) =>
  ({
    seriesInfo: [{ name: trainingStepSeries, label: 'step', width: 1, unit: '' }],
    series: () => ({ width: 1, rows: steps.length, values: Float64Array.from(steps) }),
  }) as unknown as RecordedRun;

it('a run that was trained here has a row for every step', () => {
  const run = { seriesInfo: [] } as unknown as RecordedRun;
  expect([rowAt(run, 12), rowAt(run, -3), stepOf(run, 12)]).toEqual([12, 0, 12]);
});

it('of an imported run the last row that is not after the step is seen', () => {
  const run = importedAt([10, 100, 1000]);
  expect([-5, 0, 10, 99, 100, 999, 1000, 5000].map((step) => rowAt(run, step))).toEqual([0, 0, 0, 0, 1, 1, 2, 2]);
  fc.assert(
    fc.property(fc.uniqueArray(fc.nat(10_000), { minLength: 1 }), (picked) => {
      const steps = [...picked].sort((a, b) => a - b);
      steps.forEach((step, row) => expect(rowAt(importedAt(steps), step)).toBe(row));
    }),
  );
});
