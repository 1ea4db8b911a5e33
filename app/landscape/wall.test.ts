import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReducedPoint } from './reduced.ts';
import { wallOf } from './wall.ts';

const point = (norm: number, test: number): ReducedPoint => {
  const spread = (value: number) => ({ low: value, median: value, high: value, count: 1 });
  return { scale: norm, norm: spread(norm), train: spread(0), test: spread(test) };
};

describe('the wall of the U', () => {
  it('lies where the line between the last point below and the first above meets the limit', () => {
    const points = [point(1, 0.9), point(10, 0.01), point(40, 0.03), point(160, 0.07), point(1000, 1)];
    expect(wallOf({ points }, 0.05)).toBeCloseTo(80, 9);
    expect(wallOf({ points }, 0.03)).toBeCloseTo(40, 9);
  });

  it('is not known where all norms, or none, are below', () => {
    expect(wallOf({ points: [point(1, 0.01), point(2, 0.02)] }, 0.05)).toBeNull();
    expect(wallOf({ points: [point(1, 0.3), point(2, 0.2)] }, 0.05)).toBeNull();
    expect(wallOf({ points: [] }, 0.05)).toBeNull();
  });

  it('is between the two points, and moves outward as the limit is relaxed', () => {
    const tests = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 2, maxLength: 9 });
    fc.assert(
      fc.property(tests, fc.double({ min: 0, max: 0.9, noNaN: true }), (values, limit) => {
        const points = values.map((value, i) => point(2 ** i, value));
        const [tight, loose] = [wallOf({ points }, limit), wallOf({ points }, limit + 0.1)];
        if (tight !== null) expect(tight).toBeGreaterThanOrEqual(1);
        if (tight !== null && loose !== null) expect(loose).toBeGreaterThanOrEqual(tight * (1 - 1e-12));
      }),
    );
  });
});
