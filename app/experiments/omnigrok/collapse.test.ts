import fc from 'fast-check';
import { expect, it } from 'vitest';
import { collapsed } from './collapse.ts';

it('counts samples whose loss is exactly 0 in 32 bits', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.double({ min: -60, max: 60, noNaN: true }), fc.double({ min: -60, max: 60, noNaN: true })), { minLength: 1 }),
      (rows) => {
        const labels = Int32Array.from(rows, (_, row) => row % 2);
        const zero = rows.filter(([a, b], row) => Math.fround(1 + Math.exp(row % 2 === 0 ? b - a : a - b)) === 1).length;
        expect(collapsed(rows.flat(), labels, 'cross-entropy')).toBeCloseTo(zero / rows.length, 12);
      },
    ),
  );
});

it('takes far larger outputs to collapse StableMax', () => {
  const outputs = (size: number) => [size, -size];
  expect(collapsed(outputs(20), Int32Array.of(0), 'cross-entropy')).toBe(1);
  expect(collapsed(outputs(20), Int32Array.of(0), 'stablemax')).toBe(0);
  expect(collapsed(outputs(1e6), Int32Array.of(0), 'stablemax')).toBe(1);
  expect(collapsed(outputs(1e6), Int32Array.of(1), 'stablemax')).toBe(0);
});
