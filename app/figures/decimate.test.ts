import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decimate } from './decimate.ts';

const log = (value: number) => (value > 0 ? Math.log(value) : Number.NaN);

it('keeps short lines whole', () => {
  expect(decimate([1, 2, 3], [4, 5, 6], log, 10)).toEqual([0, 1, 2]);
});

it('keeps ends, extremes and order of a long line within the promised number', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 300, maxLength: 3000 }),
      fc.integer({ min: 5, max: 60 }),
      (y, buckets) => {
        const x = y.map((_, index) => index);
        const kept = decimate(x, y, log, buckets);
        expect(kept.length).toBeLessThanOrEqual(2 * buckets + 2);
        expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
        expect(kept[0]).toBe(1);
        expect(kept[kept.length - 1]).toBe(y.length - 1);
        // Step 0 has no place on a logarithmic axis.
        const drawn = y.slice(1);
        expect(Math.max(...kept.map((index) => y[index]))).toBe(Math.max(...drawn));
        expect(Math.min(...kept.map((index) => y[index]))).toBe(Math.min(...drawn));
      },
    ),
    { numRuns: 50 },
  );
});

it('keeps every point of a line that turns back', () => {
  const x = Array.from({ length: 500 }, (_, index) => Math.cos(index));
  expect(decimate(x, x, (value) => value, 10)).toHaveLength(500);
});
