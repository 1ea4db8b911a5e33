import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeBeside, spread } from './labels.ts';

it('leaves labels where they want to be if they keep apart, and centres those that touch', () => {
  expect(spread([10, 50, 90], 12, 0, 100)).toEqual([10, 50, 90]);
  expect(spread([50, 50], 12, 0, 100)).toEqual([44, 56]);
  expect(spread([1, 1], 12, 0, 100)).toEqual([0, 12]);
});

it('keeps every pair apart and all inside whenever they fit', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -50, max: 350, noNaN: true }), { maxLength: 20 }), (wanted) => {
      const heights = spread(wanted, 13, 0, 300);
      const sorted = [...heights].sort((a, b) => a - b);
      expect(sorted.every((height, index) => index === 0 || height - sorted[index - 1] >= 13 - 1e-9)).toBe(true);
      expect(sorted.every((height) => height >= -1e-9 && height <= 300 + 1e-9)).toBe(true);
    }),
  );
});

it('places no label over another, over a point, or outside', () => {
  const point = fc.record({
    x: fc.double({ min: 0, max: 300, noNaN: true }),
    y: fc.double({ min: 0, max: 200, noNaN: true }),
    label: fc.option(fc.constant('k = 17')),
  });
  fc.assert(
    fc.property(fc.array(point, { maxLength: 40 }), (points) => {
      const boxes = placeBeside(points, 3.5, () => ({ width: 36, height: 12 }), { x: 0, y: 0, width: 300, height: 200 }).flatMap((place) =>
        place ? [place.box] : [],
      );
      boxes.forEach((box, index) => {
        expect(box.x >= 0 && box.y >= 0 && box.x + box.width <= 300 && box.y + box.height <= 200).toBe(true);
        for (const other of boxes.slice(index + 1))
          expect(box.x >= other.x + 36 || other.x >= box.x + 36 || box.y >= other.y + 12 || other.y >= box.y + 12).toBe(true);
        for (const { x, y } of points) expect(x > box.x && x < box.x + 36 && y > box.y && y < box.y + 12).toBe(false);
      });
    }),
    { numRuns: 60 },
  );
});
