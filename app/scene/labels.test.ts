import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Occupancy, placeAt, placeBeside } from './labels.ts';

interface Box {
  left: number;
  top: number;
  right: number;
  bottom: number;
}
const overlap = (a: Box, b: Box) =>
  a.left < b.right - 1e-3 && a.right > b.left + 1e-3 && a.top < b.bottom - 1e-3 && a.bottom > b.top + 1e-3;

describe('label placement', () => {
  it('never lets labels overlap each other or points, nor leave the viewport', () => {
    const place = fc.record({
      x: fc.integer({ min: -20, max: 420 }),
      y: fc.integer({ min: -20, max: 320 }),
      width: fc.integer({ min: 6, max: 60 }),
    });
    fc.assert(
      fc.property(fc.array(place, { minLength: 1, maxLength: 120 }), (wanted) => {
        const occupancy = new Occupancy();
        occupancy.reset(400, 300);
        const radius = 4;
        const boxes: Box[] = wanted.map(({ x, y }) => ({ left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }));
        for (const box of boxes) occupancy.take(box.left, box.top, box.right, box.bottom);
        for (const { x, y, width } of wanted) {
          const placed = placeBeside(occupancy, x, y, 200, 150, radius, width, 10, 1, 3);
          if (!placed) continue;
          const box = { left: placed.x - width / 2, top: placed.y - 5, right: placed.x + width / 2, bottom: placed.y + 5 };
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.top).toBeGreaterThanOrEqual(0);
          expect(box.right).toBeLessThanOrEqual(400);
          expect(box.bottom).toBeLessThanOrEqual(300);
          for (const other of boxes) expect(overlap(box, other)).toBe(false);
          boxes.push(box);
        }
      }),
    );
  });

  it('puts a lone label straight outwards', () => {
    const occupancy = new Occupancy();
    occupancy.reset(400, 300);
    const placed = placeBeside(occupancy, 300, 150, 200, 150, 4, 20, 10, 1, 3);
    expect(placed).toEqual({ x: 317, y: 150 });
  });

  it('takes the first free candidate, and none when all are taken', () => {
    const occupancy = new Occupancy();
    occupancy.reset(400, 300);
    occupancy.take(90, 90, 110, 110);
    expect(placeAt(occupancy, [100, 100, 200, 100], 2, 40, 20, 0)).toEqual({ x: 200, y: 100 });
    expect(placeAt(occupancy, [100, 100, 200, 100], 2, 40, 20, 0)).toBeNull();
  });

  it('is empty after a reset to another size', () => {
    const occupancy = new Occupancy();
    occupancy.reset(100, 100);
    occupancy.take(0, 0, 100, 100);
    occupancy.reset(600, 600);
    expect(occupancy.free(0, 0, 600, 600)).toBe(true);
  });
});
