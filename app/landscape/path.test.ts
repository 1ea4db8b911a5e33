import { describe, expect, it } from 'vitest';
import { pathOf, pointAt } from './path.ts';
import { landscapeOfPinned } from './testing.ts';

const rows = 1001;
const column = (value: (step: number) => number) => Float64Array.from({ length: rows }, (_, step) => value(step));
const recorded: Record<string, Float64Array> = {
  norm: column((step) => 20 * Math.exp(-step / 500)),
  trainLoss: column((step) => 1 / (step + 1)),
  // Measured at every tenth step.
  testLoss: column((step) => (step % 10 === 0 ? 2 / (step + 1) : Number.NaN)),
  trainAccuracy: column(() => 1),
  testAccuracy: column((step) => step / 1000),
};
const run = { series: (name: string) => ({ width: 1, rows, values: recorded[name] }) };
const [loss, error] = landscapeOfPinned.curves;

describe('the way of a run', () => {
  it('has the first and the last step and no more points than wanted', () => {
    for (const most of [2, 7, 100, 5000]) {
      const path = pathOf(landscapeOfPinned, loss, run, Infinity, most);
      expect([path.steps[0], path.steps.at(-1)]).toEqual([0, 1000]);
      expect(path.steps.length).toBeLessThanOrEqual(Math.max(most, 2) + 1);
      expect(new Set(path.steps).size).toBe(path.steps.length);
    }
  });

  it('ends at the step looked at, with the latest test that was measured', () => {
    const path = pathOf(landscapeOfPinned, loss, run, 57);
    expect(path.steps.at(-1)).toBe(57);
    expect(path.test.at(-1)).toBe(2 / 51);
    expect(pointAt(landscapeOfPinned, loss, run, 57)).toEqual({ step: 57, norm: recorded.norm[57], train: 1 / 58, test: 2 / 51 });
    expect(pointAt(landscapeOfPinned, loss, run)!.step).toBe(1000);
  });

  it('shows errors of accuracies', () => {
    expect(pointAt(landscapeOfPinned, error, run, 250)).toMatchObject({ train: 0, test: 0.75 });
  });

  it('is empty before anything is recorded', () => {
    const none = { series: () => ({ width: 1, rows: 0, values: new Float64Array() }) };
    expect(pathOf(landscapeOfPinned, loss, none).steps).toHaveLength(0);
    expect(pointAt(landscapeOfPinned, loss, none)).toBeNull();
  });
});
