import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { project, type Orbit } from '#app/scene/camera.ts';
import { heightShare, SurfaceBuffers, surfaceHeight } from './surface-buffers.ts';
import { boxCorners, SurfaceFrame } from './surface-frame.ts';
import { pickVertex } from './surface-pick.ts';
import { exampleSurface } from './surface.test-data.ts';

describe('surface buffers', () => {
  it('places vertices by their axes, logarithmic ones included', () => {
    const buffers = new SurfaceBuffers();
    buffers.update({
      ...exampleSurface(),
      x: { label: 'a', unit: '', scale: 'log', values: [1, 10, 1000] },
      y: { label: 'b', unit: '', scale: 'linear', values: [0, 1, 4] },
      values: [1e-3, 1e-2, 1e-1, 1, 1, 1, 1e-9, 50, Number.NaN],
      path: null,
    });
    const vertex = (index: number) => [...buffers.positions.subarray(index * 3, index * 3 + 3)].map((value) => Number(value.toFixed(5)));
    expect(vertex(0)).toEqual([-1, 0, 1]);
    expect(vertex(1)).toEqual([Number((2 / 3 - 1).toFixed(5)), Number((surfaceHeight / 3).toFixed(5)), 1]);
    expect(vertex(5)).toEqual([1, Number(surfaceHeight.toFixed(5)), 0.5]);
    expect(vertex(6)).toEqual([-1, 0, -1]);
    expect(vertex(7)[1]).toBeCloseTo(surfaceHeight);
    // The cell with the missing corner is a hole.
    expect(buffers.indexCount).toBe(3 * 6);
    expect([...buffers.index.subarray(0, buffers.indexCount)]).not.toContain(8);
  });

  it('updates its arrays in place, and does nothing for what it already shows', () => {
    const buffers = new SurfaceBuffers();
    const first = exampleSurface();
    expect(buffers.update(first)).toBe('surface');
    const { positions, colours, index, segments, structure } = buffers;
    const before = positions.slice();
    expect(buffers.update(exampleSurface({ phase: 2 }))).toBe('surface');
    expect(buffers.positions).toBe(positions);
    expect(buffers.index).toBe(index);
    expect(buffers.colours).toBe(colours);
    expect(buffers.segments).toBe(segments);
    expect(buffers.structure).toBe(structure);
    expect(positions).not.toEqual(before);
    const shown = exampleSurface();
    buffers.update(shown);
    expect(buffers.update({ ...shown, title: 'other' })).toBe('nothing');
    expect(buffers.update({ ...shown, path: { ...shown.path!, at: 3 } })).toBe('path');
  });

  it('lays contours exactly on the surface, at their level', () => {
    const buffers = new SurfaceBuffers();
    const spec = exampleSurface({ holes: [200, 900] });
    buffers.update(spec);
    const levels = spec.contours.map((level) => heightShare(level, spec.value) * surfaceHeight);
    expect(buffers.segmentCount).toBeGreaterThan(100);
    for (let end = 0; end < buffers.segmentCount * 2; end++) {
      const [x, y, z] = buffers.segments.subarray(end * 3, end * 3 + 3);
      expect(Math.min(...levels.map((level) => Math.abs(level - y)))).toBeLessThan(1e-5);
      expect(buffers.heightAt((x + 1) / 2, (1 - z) / 2) * surfaceHeight).toBeCloseTo(y, 4);
    }
  });

  it('cuts every level that lies strictly between the heights, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 9, maxLength: 9 }), (values) => {
        const buffers = new SurfaceBuffers();
        buffers.update({
          ...exampleSurface({ size: 3, path: false }),
          values,
          value: { label: '', unit: '', scale: 'linear', domain: [0, 1] },
          contours: [0.5],
        });
        const heights = [...buffers.heights];
        const crosses = Math.min(...heights) < 0.5 && Math.max(...heights) >= 0.5;
        expect(buffers.segmentCount > 0).toBe(crosses);
        expect(buffers.segments.subarray(0, buffers.segmentCount * 6).every(Number.isFinite)).toBe(true);
        expect(buffers.segmentStart[4]).toBe(buffers.segmentCount);
      }),
    );
  });

  it('lays a path on the surface, or at its own heights, and leaves out what is beyond the axes', () => {
    const buffers = new SurfaceBuffers();
    const spec = exampleSurface();
    buffers.update({ ...spec, path: { label: 'run', x: [0.01, 0.2, 1, 5, 200], y: [500, 500, 500, 500, 500], at: 2 } });
    expect(buffers.pathCount).toBe(2);
    expect(buffers.ball![0]).toBeCloseTo(0, 5);
    const along = (500 - 100) / 900;
    expect(buffers.ball![1]).toBeCloseTo(buffers.heightAt(0.5, along) * surfaceHeight + 0.012, 5);
    buffers.update({ ...spec, path: { label: 'run', x: [0.2, 1], y: [500, 500], values: [1, 1], at: 1 } });
    expect(buffers.ball![1]).toBeCloseTo(surfaceHeight + 0.012, 5);
    buffers.update({ ...spec, path: { label: 'run', x: [0.01], y: [500], at: 0 } });
    expect(buffers.ball).toBeNull();
  });
});

const viewport = { width: 800, height: 600 };
const orbitOf = (azimuth: number): Orbit => ({ azimuth, elevation: 0.5, target: [0, 0, 0], scale: 200, eye: 0 });

describe('frame of a surface', () => {
  it('has its axes on edges that face the viewer, from every side', () => {
    for (let azimuth = -3; azimuth < 3.1; azimuth += 0.37) {
      const frame = new SurfaceFrame();
      frame.update(exampleSurface(), orbitOf(azimuth));
      const height = (points: readonly (readonly number[])[]) => {
        const out = new Float32Array(points.length * 3);
        project(orbitOf(azimuth), viewport, Float32Array.from(points.flat()), points.length, out);
        return out;
      };
      const [x, y, value] = frame.axes;
      for (const axis of [x, y]) {
        const middle = [0, 1, 2].map((k) => (axis.from[k] + axis.to[k]) / 2);
        // Seen from above, the nearer of two opposite edges of the floor is the lower one.
        const seen = height([middle, middle.map((v, k) => (k === 1 ? v : -v))]);
        expect(seen[1]).toBeGreaterThan(seen[4]);
      }
      const corners = height([value.from, [-value.from[0], 0, -value.from[2]]]);
      expect(corners[0]).toBeLessThan(corners[3]);
      expect(value.ticks.map(({ label }) => label)).toEqual(['0.001', '0.01', '0.1', '1']);
    }
  });

  it('is built again only when the sides or the axes change', () => {
    const frame = new SurfaceFrame();
    const spec = exampleSurface();
    expect(frame.update(spec, orbitOf(0.5))).toBe(true);
    expect(frame.update({ ...spec, values: exampleSurface({ phase: 1 }).values }, orbitOf(0.6))).toBe(false);
    expect(frame.update(spec, orbitOf(2.5))).toBe(true);
  });

  it('is what the camera is fitted to', () => {
    expect(boxCorners).toHaveLength(24);
  });
});

describe('picking on a surface', () => {
  it('finds the vertex it is asked for from above, and the foremost where one hides another', () => {
    const buffers = new SurfaceBuffers();
    buffers.update(exampleSurface({ size: 17 }));
    const screen = new Float32Array(buffers.positions.length);
    const above: Orbit = { ...orbitOf(0.3), elevation: 1.5 };
    project(above, viewport, buffers.positions, 289, screen);
    for (let vertex = 0; vertex < 289; vertex += 7) {
      // A little towards the middle, so that vertices on the edge are inside.
      const x = screen[vertex * 3] + (400 - screen[vertex * 3]) * 0.004;
      const y = screen[vertex * 3 + 1] + (300 - screen[vertex * 3 + 1]) * 0.004;
      const picked = pickVertex(buffers, screen, x, y);
      expect(Math.hypot(screen[picked * 3] - x, screen[picked * 3 + 1] - y)).toBeLessThan(3);
    }
    expect(pickVertex(buffers, screen, 5, 5)).toBe(-1);
  });

  it('finds the wall and not what stands behind it', () => {
    const buffers = new SurfaceBuffers();
    const values = Float32Array.from({ length: 25 }, (_, vertex) => (Math.floor(vertex / 5) === 1 ? 1 : 0));
    buffers.update({ ...exampleSurface({ size: 5 }), values, value: { label: '', unit: '', scale: 'linear', domain: [0, 1] } });
    const screen = new Float32Array(75);
    project({ ...orbitOf(0), elevation: 0.1 }, viewport, buffers.positions, 25, screen);
    const behind = 3 * 5 + 2;
    const picked = pickVertex(buffers, screen, screen[behind * 3] + 1, screen[behind * 3 + 1] + 1);
    expect(Math.floor(picked / 5)).toBeLessThanOrEqual(1);
  });
});
