import fc from 'fast-check';
import { expect, it } from 'vitest';
import { publishedMaps } from '#app/experiments/effective-theory/published.ts';
import { adaptivePlan, type PointOutcome } from './adaptive.ts';

/** Trains round by round. @returns the map that comes out and the share of its points that were trained */
function explore(columns: number, rows: number, stride: number, at: (point: number) => number | string | null) {
  const known = new Map<number, PointOutcome>();
  for (;;) {
    const plan = adaptivePlan({ kind: 'adaptive', stride, outcome: 'phase' }, [columns, rows], (point) => known.get(point));
    const missing = plan.points.filter((point) => !known.has(point));
    if (missing.length === 0) {
      expect(plan.complete).toBe(true);
      expect(new Set(plan.points).size).toBe(plan.points.length);
      const map = Array.from({ length: columns * rows }, (_, point) => known.get(point) ?? plan.inferred.get(point));
      return { map, points: plan.points, inferred: plan.inferred, share: plan.points.length / map.length };
    }
    for (const point of missing) known.set(point, at(point));
  }
}

it('repeats the published maps with less than three quarters of their trials', () => {
  for (const { x, y, cells } of publishedMaps) {
    const { map, share } = explore(x.values.length, y.values.length, 4, (point) => cells[point]);
    expect(map).toEqual(cells);
    expect(share).toBeLessThan(0.75);
  }
});

it('is exact wherever every region holds a point of the coarse grid, and spends two fifths on maps of 40 x 40', () => {
  const side = 40;
  const wave = fc.record({ a: fc.double({ min: -1, max: 1, noNaN: true }), b: fc.double({ min: -1, max: 1, noNaN: true }), c: fc.nat(6) });
  const shares: number[] = [];
  fc.assert(
    fc.property(fc.array(wave, { minLength: 2, maxLength: 4 }), (waves) => {
      const at = (point: number): string => {
        const [u, v] = [point % side, Math.floor(point / side)].map((place) => (8 * place) / side);
        const heights = waves.map(({ a, b, c }) => Math.sin(a * u + b * v + c));
        return `phase ${heights.indexOf(Math.max(...heights))}`;
      };
      const { map, inferred, share } = explore(side, side, 4, at);
      shares.push(share);
      const wrong = map.flatMap((value, point) => (value === at(point) ? [] : [point]));
      expect(wrong.length).toBeLessThanOrEqual(0.005 * side * side);
      // Every point unlike a neighbour was trained.
      for (const point of inferred.keys())
        for (const next of [
          point - side,
          point + side,
          ...(point % side > 0 ? [point - 1] : []),
          ...(point % side < side - 1 ? [point + 1] : []),
        ])
          if (next >= 0 && next < map.length) expect(map[next]).toBe(map[point]);
    }),
    { numRuns: 40, seed: 4 },
  );
  expect(shares.reduce((sum, share) => sum + share, 0) / shares.length).toBeLessThan(0.4);
});

it('follows a bulge that leaves the coarse grid behind', () => {
  const at = (point: number): string => {
    const [x, y] = [point % 17, Math.floor(point / 17)];
    return x < 1 || (y >= 5 && y <= 6 && x < 12) ? 'grokking' : 'confusion';
  };
  const { map } = explore(17, 17, 8, at);
  expect(map).toEqual(Array.from({ length: 289 }, (_, point) => at(point)));
});
