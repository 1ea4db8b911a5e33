import { describe, expect, it } from 'vitest';
import { pointsOf, refinedPoints } from './points.ts';
import { definitionOf, mapped } from './testing.ts';

const all = (points: ReturnType<typeof pointsOf>) => Array.from({ length: points.count }, (_, index) => points.at(index));

describe('points', () => {
  it('of a grid run along the first axis', () => {
    const points = all(pointsOf(mapped, definitionOf(3, 2), []));
    expect(points.map(({ values }) => [values.rate, values.decay])).toEqual([
      [1e-4, 0],
      [1e-3, 0],
      [1e-2, 0],
      [1e-4, 1],
      [1e-3, 1],
      [1e-2, 1],
    ]);
    expect(points[4].at).toEqual([1, 1]);
  });

  it('drawn at random are the same each time, others with another seed, and lie within the axes', () => {
    const drawn = (seed: number) => all(pointsOf(mapped, definitionOf(3, 2, { sampling: { kind: 'random', samples: 200, seed } }), []));
    expect(drawn(1)).toEqual(drawn(1));
    expect(drawn(1)).not.toEqual(drawn(2));
    for (const { values } of drawn(1)) {
      expect(values.rate).toBeGreaterThan(1e-4);
      expect(values.rate).toBeLessThan(1e-2);
    }
  });

  it('of a Latin hypercube hit every stratum of every axis once', () => {
    const samples = 50;
    const points = all(pointsOf(mapped, definitionOf(3, 2, { sampling: { kind: 'latin', samples, seed: 3 } }), []));
    const strata = points.map(({ values }) => Math.floor((samples * Math.log10((values.rate as number) / 1e-4)) / 2));
    expect([...strata].sort((a, b) => a - b)).toEqual(Array.from({ length: samples }, (_, i) => i));
  });

  it('keep their numbers when others are added, and lie between them', () => {
    const definition = definitionOf(3, 3);
    const added = refinedPoints(mapped, definition, [], { rate: [1e-4, 1e-3], decay: [0, 1] });
    expect(added).toEqual([
      { rate: 3.16227766017e-4, decay: 0 },
      { rate: 1e-4, decay: 0.5 },
      { rate: 3.16227766017e-4, decay: 0.5 },
      { rate: 1e-3, decay: 0.5 },
      { rate: 3.16227766017e-4, decay: 1 },
    ]);
    const points = pointsOf(mapped, definition, added);
    expect(points.count).toBe(14);
    expect(points.at(8)).toEqual(pointsOf(mapped, definition, []).at(8));
    expect(points.at(11)).toMatchObject({ values: added[2], at: [null, null] });
    expect(refinedPoints(mapped, definition, added, { rate: [1e-4, 3.2e-4], decay: [0, 0.5] })).toHaveLength(5);
  });

  it('are there in no time, however many', () => {
    const points = pointsOf(mapped, definitionOf(1000, 1000), []);
    expect(points.count).toBe(1_000_000);
    expect(points.at(999_999).at).toEqual([999, 999]);
  });
});
