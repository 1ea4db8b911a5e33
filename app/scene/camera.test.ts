import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bounds, elevationLimit, fit, matrices, project, turn, viewBasis, zoomAt } from './camera.ts';
import type { Orbit } from './camera.ts';

const coordinate = fc.double({ min: -50, max: 50, noNaN: true });
const cloud = fc
  .array(fc.tuple(coordinate, coordinate, coordinate), { minLength: 2, maxLength: 40 })
  .map((points) => Float32Array.from(points.flat()));
const orbits: fc.Arbitrary<Orbit> = fc.record({
  azimuth: fc.double({ min: -4, max: 4, noNaN: true }),
  elevation: fc.double({ min: -1.5, max: 1.5, noNaN: true }),
  target: fc.tuple(coordinate, coordinate, coordinate),
  scale: fc.double({ min: 0.5, max: 80, noNaN: true }),
  eye: fc.constantFrom(0, 1000),
});
const viewport = { width: 740, height: 620 };
const margin = { top: 30, right: 40, bottom: 50, left: 20 };

describe('camera', () => {
  it('has an orthonormal, right-handed basis', () => {
    fc.assert(
      fc.property(orbits, (orbit) => {
        const b = viewBasis(orbit, new Float64Array(9));
        const dot = (i: number, j: number) => b[i * 3] * b[j * 3] + b[i * 3 + 1] * b[j * 3 + 1] + b[i * 3 + 2] * b[j * 3 + 2];
        for (let i = 0; i < 3; i++) for (let j = 0; j < 3; j++) expect(dot(i, j)).toBeCloseTo(i === j ? 1 : 0, 12);
        expect(b[0] * b[4] - b[1] * b[3]).toBeCloseTo(b[8], 12);
      }),
    );
  });

  it('projects as the matrices given to WebGL do', () => {
    fc.assert(
      fc.property(orbits, cloud, (orbit, points) => {
        const count = points.length / 3;
        const screen = new Float32Array(points.length);
        project(orbit, viewport, points, count, screen);
        const view = new Array<number>(16).fill(0);
        const projection = new Array<number>(16).fill(0);
        matrices(orbit, viewport, 200, view, projection);
        for (let index = 0; index < count; index++) {
          const world = [points[index * 3], points[index * 3 + 1], points[index * 3 + 2], 1];
          const seen = multiply(view, world);
          const clip = multiply(projection, seen);
          expect(((clip[0] / clip[3] + 1) / 2) * viewport.width).toBeCloseTo(screen[index * 3], 1);
          expect(((1 - clip[1] / clip[3]) / 2) * viewport.height).toBeCloseTo(screen[index * 3 + 1], 1);
          expect(seen[2]).toBeCloseTo(screen[index * 3 + 2], 3);
          expect(Math.abs(clip[2] / clip[3])).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  it('fits content inside the margins, touching two opposite ones, at any angle', () => {
    fc.assert(
      fc.property(orbits, cloud, (orbit, points) => {
        const count = points.length / 3;
        const screen = new Float32Array(points.length);
        project({ ...orbit, eye: 0 }, viewport, points, count, screen);
        const before = bounds(screen, count, viewport, new Float64Array(4));
        fc.pre(before[2] - before[0] > 1 && before[3] - before[1] > 1);
        fit(orbit, viewport, margin, points, count, screen);
        project(orbit, viewport, points, count, screen);
        const [left, top, right, bottom] = bounds(screen, count, viewport, new Float64Array(4));
        const slack = 1;
        expect(left).toBeGreaterThan(margin.left - slack);
        expect(top).toBeGreaterThan(margin.top - slack);
        expect(right).toBeLessThan(viewport.width - margin.right + slack);
        expect(bottom).toBeLessThan(viewport.height - margin.bottom + slack);
        const filled = Math.max(
          (right - left) / (viewport.width - margin.left - margin.right),
          (bottom - top) / (viewport.height - margin.top - margin.bottom),
        );
        expect(filled).toBeGreaterThan(0.98);
      }),
    );
  });

  it('zooms about the pointer', () => {
    const orbit: Orbit = { azimuth: 0.3, elevation: 0.5, target: [0, 0, 0], scale: 50, eye: 0 };
    const basis = viewBasis(orbit, new Float64Array(9));
    // A point in the target's plane, 3 to the right and 2 up.
    const point = Float32Array.from([0, 1, 2].map((axis) => 3 * basis[axis] + 2 * basis[3 + axis]));
    const screen = new Float32Array(3);
    project(orbit, viewport, point, 1, screen);
    const [x, y] = screen;
    zoomAt(orbit, viewport, 2.5, x, y);
    project(orbit, viewport, point, 1, screen);
    expect(orbit.scale).toBe(125);
    expect(screen[0]).toBeCloseTo(x, 2);
    expect(screen[1]).toBeCloseTo(y, 2);
  });

  it('never turns over the poles', () => {
    const orbit: Orbit = { azimuth: 0, elevation: 0, target: [0, 0, 0], scale: 1, eye: 0 };
    turn(orbit, 0, 10);
    expect(orbit.elevation).toBe(elevationLimit);
    turn(orbit, 0, -20);
    expect(orbit.elevation).toBe(-elevationLimit);
  });
});

function multiply(matrix: readonly number[], vector: readonly number[]): number[] {
  return [0, 1, 2, 3].map((row) => [0, 1, 2, 3].reduce((sum, column) => sum + matrix[column * 4 + row] * vector[column], 0));
}
