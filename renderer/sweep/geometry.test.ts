import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bandOf } from '#app/sweeps/bands.ts';
import { Geometry } from './geometry.ts';

const axisOf = (values: readonly number[], planned = values) => ({ values, planned, scale: 'linear' as const });
const plain = (size: number) => {
  const values = Array.from({ length: size }, (_, i) => i);
  return bandOf(axisOf(values));
};

describe('a map that is laid out', () => {
  it('fits into its room, with cells that are hit at their middles', () => {
    const size = fc.integer({ min: 1, max: 40 });
    const side = fc.integer({ min: 60, max: 1500 });
    fc.assert(
      fc.property(size, size, side, side, fc.constantFrom(1, 0.5), (columns, rows, width, height, pixel) => {
        const geometry = new Geometry(plain(columns), plain(rows), { width, height }, pixel);
        expect(geometry.width).toBeLessThanOrEqual(width + 1e-6);
        expect(geometry.height).toBeLessThanOrEqual(height + 1e-6);
        for (const index of [0, columns - 1, columns * rows - 1, Math.floor((columns * rows) / 2)]) {
          const box = geometry.box(index);
          expect(geometry.cellAt(box.x + box.width / 2, box.y + box.height / 2)).toBe(index);
        }
      }),
    );
  });

  it('has the first row at its foot', () => {
    const geometry = new Geometry(plain(4), plain(3), { width: 400, height: 300 });
    expect(geometry.box(0)).toEqual({ x: 0, y: 200, width: 100, height: 100 });
    expect(geometry.box(11)).toEqual({ x: 300, y: 0, width: 100, height: 100 });
    expect(geometry.around(0, 5)).toEqual({ x: 0, y: 100, width: 200, height: 200 });
  });

  it('takes places outside for the nearest cell', () => {
    const geometry = new Geometry(plain(4), plain(3), { width: 400, height: 300 });
    expect(geometry.cellAt(-20, 900)).toBe(0);
    expect(geometry.cellAt(900, -20)).toBe(11);
  });

  it('lets values that refining added divide the cells around them, where they lie', () => {
    const band = bandOf({ values: [0.001, 0.00316227766017, 0.01, 0.1], planned: [0.001, 0.01, 0.1], scale: 'log' });
    expect(band.size).toBe(3);
    expect(band.centres[0]).toBe(0.5);
    expect(band.centres[1]).toBeCloseTo(1, 9);
    expect(band.centres.slice(2)).toEqual([1.5, 2.5]);
    expect(band.wide[1]).toBeNull();
    expect(band.wide[2]).toEqual([1, 2]);
    expect(band.edges[0]![0]).toBe(0);
    expect(band.edges[0]![1]).toBeCloseTo(0.75, 9);
    const geometry = new Geometry(band, plain(1), { width: 300, height: 100 });
    expect(geometry.divided).toBe(true);
    expect(geometry.wideBox(0)).toMatchObject({ x: 0, width: 100 });
    expect(geometry.wideBox(1)).toBeNull();
    expect(geometry.cellAt(100, 50)).toBe(1);
  });

  it('keeps falling axes and refined places in order', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 12 }), fc.boolean(), (size, falling) => {
        const planned = Array.from({ length: size }, (_, i) => (falling ? size - i : i));
        const values = planned.flatMap((value, i) => (i === 0 ? [value] : [(planned[i - 1]! + value) / 2, value]));
        const { centres, edges } = bandOf(axisOf(values, planned));
        for (let i = 1; i < centres.length; i++) expect(centres[i]! - centres[i - 1]!).toBeCloseTo(0.5, 9);
        expect(edges[0]![0]).toBe(0);
        expect(edges.at(-1)![1]).toBe(size);
      }),
    );
  });
});
