import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { officialTable } from './testing.ts';
import { minimumOf, shapeOf, type CurvePoint } from './shape.ts';

const log = { scale: 'log' } as const;

describe('the official table of teacher and student', () => {
  const shape = shapeOf(officialTable, log)!;

  it('has its minimum between the two lowest of the eleven, near the initial norm', () => {
    expect(shape.minimum).toMatchObject({ at: 5, value: 7.8e-5, edge: null });
    // Vertex of the parabola through log10 8.6e-5, 7.8e-5 and 1.47e-3 at -0.2, 0 and 0.2.
    expect(shape.minimum.norm).toBeCloseTo(10 ** (-0.2 * 0.4678), 3);
  });

  it('has walls on both sides of the zone: a U', () => {
    expect(shape.walls).toEqual({ below: true, above: true });
    // Where lines between logarithms reach twice the minimum.
    expect(shape.zone.limit).toBeCloseTo(1.56e-4, 10);
    expect(shape.zone.from).toBeCloseTo(0.515, 2);
    expect(shape.zone.to).toBeCloseTo(1.115, 2);
  });

  it('has a corner left of the zone and no artefact: an L', () => {
    expect(shape.corner).toBeGreaterThan(0.251);
    expect(shape.corner).toBeLessThan(0.398);
    expect(shape.artefacts).toEqual([]);
  });
});

it('flags training values that rise although a larger norm can only do better', () => {
  // Measured on handwritten digits: the last is the optimiser's.
  const train = [0.82, 0.69, 0.39, 0.08, 0, 0, 0, 0, 0.16];
  const test = [0.86, 0.72, 0.5, 0.26, 0.174, 0.18, 0.29, 0.75, 0.86];
  const norms = [0.1, 0.18, 0.32, 0.56, 1, 1.8, 3.2, 5.6, 10];
  const shape = shapeOf(
    norms.map((norm, i) => ({ norm, train: train[i], test: test[i] })),
    { scale: 'linear' },
  )!;
  expect(shape.artefacts).toEqual([8]);
  expect(shape.minimum.norm).toBeGreaterThan(1);
  expect(shape.minimum.norm).toBeLessThan(1.8);
  expect(shape.walls).toEqual({ below: true, above: true });
  expect(shape.corner).toBeGreaterThan(0.56);
  expect(shape.corner).toBeLessThan(1);
});

it('says when the minimum is at an end, and that a zone is open there', () => {
  const falling = [1, 2, 4, 8].map((norm) => ({ norm, train: 1 / norm, test: 1 / norm }));
  expect(shapeOf(falling, log)).toMatchObject({ minimum: { norm: 8, edge: 'greatest' }, walls: { below: true, above: false } });
  expect(
    shapeOf(
      [...falling].map(({ norm }) => ({ norm, train: 0, test: norm })),
      log,
    ),
  ).toMatchObject({
    minimum: { norm: 1, edge: 'least' },
    zone: { openBelow: true, from: 1 },
    corner: 1,
  });
  expect(shapeOf(falling.slice(2), log)).toBeNull();
});

it('finds the vertex of any parabola over the logarithm of the norm', () => {
  fc.assert(
    fc.property(
      fc.double({ min: -2, max: 2, noNaN: true }),
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      fc.array(fc.double({ min: 0.1, max: 1.5, noNaN: true }), { minLength: 5, maxLength: 12 }),
      (vertex, curvature, gaps) => {
        const sorted = gaps.map((_, i) => gaps.slice(0, i).reduce((sum, gap) => sum + gap, -3));
        const norms = sorted.map(Math.exp);
        for (const scale of ['linear', 'log'] as const) {
          const heights = sorted.map((place) => 1 + curvature * (place - vertex) ** 2);
          const found = minimumOf(norms, scale === 'log' ? heights.map((height) => Math.exp(height / 10)) : heights, scale);
          if (found.edge === null) expect(Math.log(found.norm)).toBeCloseTo(vertex, 5);
        }
      },
    ),
  );
});

it('keeps w_c in the zone, the zone in what was measured, and does not depend on units', () => {
  const curve = fc
    .array(fc.record({ train: fc.double({ min: 0, max: 10, noNaN: true }), test: fc.double({ min: 1e-6, max: 10, noNaN: true }) }), {
      minLength: 3,
      maxLength: 15,
    })
    .map((values): CurvePoint[] => values.map((value, i) => ({ norm: 0.3 * 1.7 ** i, ...value })));
  fc.assert(
    fc.property(curve, fc.constantFrom('linear' as const, 'log' as const), (points, scale) => {
      const { minimum, zone, walls } = shapeOf(points, { scale })!;
      expect(zone.from).toBeGreaterThanOrEqual(points[0].norm);
      expect(zone.to).toBeLessThanOrEqual(points[points.length - 1].norm);
      expect(points[minimum.at].norm).toBeGreaterThanOrEqual(zone.from);
      expect(points[minimum.at].norm).toBeLessThanOrEqual(zone.to);
      expect(walls).toEqual({ below: !zone.openBelow, above: !zone.openAbove });
      const scaled = shapeOf(
        points.map((point) => ({ ...point, norm: 7 * point.norm })),
        { scale },
      )!;
      expect(scaled.minimum.norm / minimum.norm).toBeCloseTo(7, 6);
      expect(scaled.zone.from / zone.from).toBeCloseTo(7, 6);
    }),
  );
});
