import fc from 'fast-check';
import { expect, it } from 'vitest';
import { linearTicks, logTicks, symlogTicks } from './ticks.ts';

const labels = (ticks: { label: string }[]) => ticks.map((tick) => tick.label);

it('picks round values and labels them alike', () => {
  expect(labels(linearTicks([0, 1500], 4))).toEqual(['0', '500', '1,000', '1,500']);
  expect(labels(linearTicks([-0.0017, 0.0011], 3))).toEqual(['−0.001', '0.000', '0.001']);
  expect(labels(linearTicks([80.2, 95.1], 4))).toEqual(['85', '90', '95']);
});

it('gives powers of ten on a logarithmic axis, in figures or raised but not mixed', () => {
  expect(labels(logTicks([1, 1500], 6))).toEqual(['1', '10', '100', '1,000']);
  expect(labels(logTicks([1e-8, 20], 5))).toEqual(['10⁻⁸', '10⁻⁶', '10⁻⁴', '10⁻²', '10⁰']);
  expect(labels(logTicks([2, 9], 4)).length).toBeGreaterThan(1);
});

it('has zero in the middle of a symlog axis', () => {
  expect(labels(symlogTicks([-150, 1500], 12))).toEqual(['−100', '−10', '−1', '0', '1', '10', '100', '1,000']);
});

it('ticks lie within the domain, increase, and have different labels', () => {
  const value = fc.double({ min: -1e9, max: 1e9, noNaN: true });
  fc.assert(
    fc.property(value, value, fc.integer({ min: 1, max: 10 }), (one, other, count) => {
      const domain = [Math.min(one, other), Math.max(one, other)] as const;
      fc.pre(domain[1] - domain[0] > 1e-6 * Math.max(1, Math.abs(domain[0]), Math.abs(domain[1])));
      const air = 1e-6 * (domain[1] - domain[0]);
      for (const ticks of [linearTicks(domain, count), symlogTicks(domain, count)]) {
        const values = ticks.map((tick) => tick.value);
        expect(values).toEqual([...values].sort((a, b) => a - b));
        expect(values.every((tick) => tick >= domain[0] - air && tick <= domain[1] + air)).toBe(true);
        expect(new Set(labels(ticks)).size).toBe(ticks.length);
      }
    }),
  );
});
