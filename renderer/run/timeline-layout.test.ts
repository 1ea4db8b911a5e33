import fc from 'fast-check';
import { expect, it } from 'vitest';
import { placeLabels, tickSteps } from './timeline-layout.ts';

const label = fc.record({ x: fc.double({ min: 0, max: 600, noNaN: true }), width: fc.integer({ min: 10, max: 160 }) });

it('never lets two labels of a row touch, nor one leave the track or its mark', () => {
  fc.assert(
    fc.property(fc.array(label, { maxLength: 12 }), (given) => {
      const placed = placeLabels(
        given.map((each, index) => ({ ...each, id: String(index), label: 'x' })),
        600,
      );
      expect(placed.length).toBe(given.length);
      for (const row of [0, 1] as const) {
        const inRow = placed.filter((each) => each.row === row);
        for (const each of inRow) {
          expect(each.left).toBeGreaterThanOrEqual(0);
          expect(each.left + each.width).toBeLessThanOrEqual(600);
          expect(each.left).toBeLessThanOrEqual(each.x);
        }
        for (let i = 1; i < inRow.length; i++) expect(inRow[i]!.left).toBeGreaterThan(inRow[i - 1]!.left + inRow[i - 1]!.width);
      }
    }),
  );
});

it('puts close milestones above and below before it hides one', () => {
  const at = (x: number) => ({ id: String(x), label: 'x', x, width: 60 });
  expect(placeLabels([at(300), at(302), at(304)], 600).map(({ row }) => row)).toEqual([0, 1, null]);
});

it('ticks decades or round steps', () => {
  expect(tickSteps(1500, 'log')).toEqual([1, 10, 100, 1000]);
  expect(tickSteps(1500, 'linear')).toEqual([500, 1000]);
  expect(tickSteps(0, 'log')).toEqual([]);
});
