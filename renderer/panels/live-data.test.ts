import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LineMark } from '#app/figures/layout.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import { alignLines, isLive, nearestLine } from './live-data.ts';

const line = (x: ArrayLike<number>, y: ArrayLike<number>): LineMark => ({ kind: 'line', label: 'l', x, y, colour: 'ink' });
const figure = (marks: readonly Mark[], scale: 'linear' | 'category' = 'linear'): FigureSpec => ({
  id: 'f',
  title: 'f',
  x: { label: 'step', unit: '', scale },
  y: { label: 'y', unit: '', scale: 'linear' },
  marks,
});

describe('lines for the canvas', () => {
  it('pass shared typed arrays on without copying', () => {
    const x = Float64Array.of(0, 1, 2);
    const y = Float64Array.of(5, 6, 7);
    const aligned = alignLines([line(x, y)], 'linear', 'linear');
    expect((aligned.ys[0] as Float64Array).buffer).toBe(y.buffer);
    expect([...(aligned.x as Float64Array)]).toEqual([0, 1, 2]);
  });

  it('leave out step 0 on a logarithmic axis and break lines where there is no value', () => {
    const aligned = alignLines([line([0, 1, 10, 100], [9, 8, Number.NaN, -1])], 'log', 'log');
    expect([...aligned.x]).toEqual([1, 10, 100]);
    expect(aligned.ys[0]).toEqual([8, null, null]);
  });

  it('merge lines of different x', () => {
    const aligned = alignLines([line([0, 2, 4], [1, 2, 3]), line([1, 2], [10, 20])], 'linear', 'linear');
    expect([...aligned.x]).toEqual([0, 1, 2, 4]);
    expect(aligned.ys).toEqual([
      [1, null, 2, 3],
      [null, 10, 20, null],
    ]);
  });

  it('keep every point that has a place, whatever the lines', () => {
    const values = fc.uniqueArray(fc.integer({ min: -5, max: 30 }), { minLength: 1, maxLength: 20 }).map((x) => x.sort((a, b) => a - b));
    fc.assert(
      fc.property(fc.array(values, { minLength: 1, maxLength: 4 }), fc.constantFrom('linear', 'log'), (xs, scale) => {
        const lines = xs.map((x) =>
          line(
            x,
            x.map((value) => value * 2 + 1000),
          ),
        );
        const aligned = alignLines(lines, scale as 'linear' | 'log', 'linear');
        const x = [...aligned.x] as number[];
        expect(x).toEqual([...x].sort((a, b) => a - b));
        lines.forEach((mark, index) => {
          const kept = Array.from(mark.x).filter((value) => scale === 'linear' || value > 0);
          const got = x.filter((_, at) => aligned.ys[index][at] !== null);
          expect(got).toEqual(kept);
        });
      }),
    );
  });

  it('are drawn live only if all run from left to right', () => {
    expect(isLive(figure([line([0, 1], [0, 1]), { kind: 'rule', axis: 'x', at: 1, colour: 'ink' }]))).toBe(true);
    expect(isLive(figure([line([0, 1, 1], [0, 1, 2])]))).toBe(false);
    expect(isLive(figure([line([0, 1], [0, 1]), { kind: 'points', points: [] }]))).toBe(false);
    expect(isLive(figure([line([0, 1], [0, 1])], 'category'))).toBe(false);
    expect(isLive(figure([]))).toBe(false);
  });

  it('are found near a pointer between two points', () => {
    const ys = [
      [0, 10],
      [100, 100],
    ];
    expect(nearestLine(ys, 0, 0.5, 6, 14, (value) => value)).toBe(0);
    expect(nearestLine(ys, 0, 0.5, 95, 14, (value) => value)).toBe(1);
    expect(nearestLine(ys, 0, 0.5, 50, 14, (value) => value)).toBe(-1);
  });
});
