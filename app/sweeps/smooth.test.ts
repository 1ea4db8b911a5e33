import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { smoothed, smoothing } from './smooth.ts';

const sides = fc.integer({ min: 1, max: 7 });
const maps = fc.tuple(sides, sides).chain(([columns, rows]) =>
  fc.record({
    columns: fc.constant(columns),
    rows: fc.constant(rows),
    values: fc.array(fc.constantFrom(0, 1, 2, 3, Number.NaN), { minLength: columns * rows, maxLength: columns * rows }),
    factor: fc.constantFrom(3, 5, 9),
  }),
);

describe('smooth boundaries', () => {
  it('leave the middle of every cell what it is', () => {
    fc.assert(
      fc.property(maps, ({ columns, rows, values, factor }) => {
        const smooth = smoothed(values, columns, rows, factor);
        const middle = (factor - 1) / 2;
        values.forEach((value, cell) => {
          const [x, y] = [(cell % columns) * factor + middle, Math.floor(cell / columns) * factor + middle];
          expect(smooth.values[y * smooth.columns + x]).toBe(Number.isNaN(value) ? -1 : value);
        });
      }),
    );
  });

  it('lie where a map turned round has them', () => {
    const turned = (values: ArrayLike<number>) => Array.from(values).reverse();
    const { values } = smoothed([0, 0, 1, 0, 1, 1, 1, 1, 1], 3, 3, 9);
    // At places that two categories share equally the one that is preferred may differ.
    const other = turned(smoothed(turned([0, 0, 1, 0, 1, 1, 1, 1, 1]), 3, 3, 9).values);
    expect(Array.from(values).filter((value, i) => value !== other[i]).length).toBeLessThanOrEqual(9);
  });

  it('are straight between halves and cut the corner of a step', () => {
    const halves = smoothed([0, 1], 2, 1, 5);
    expect(Array.from(halves.values.slice(0, 10))).toEqual([0, 0, 0, 0, 0, 1, 1, 1, 1, 1]);
    const corner = smoothed([0, 1, 1, 1], 2, 2, 9);
    // The outer corner of the lone cell's quarter belongs to the others, as a smooth line has it.
    expect(corner.values[8 * corner.columns + 8]).toBe(1);
    expect(corner.values[0]).toBe(0);
  });

  it('are drawn finely, with a pixel in the middle of every cell', () => {
    for (const size of [2, 10, 11, 20, 100, 1000]) {
      expect(smoothing(size, 2) % 2).toBe(1);
      expect(smoothing(size, 2) * size).toBeLessThanOrEqual(Math.max(340, 3 * size));
    }
  });
});
