import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { filmSteps, paces } from './steps.ts';

describe('steps of a film', () => {
  it('begin at 0, end at the last, and never fall', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 200_000 }),
        fc.integer({ min: 1, max: 900 }),
        fc.constantFrom(...paces),
        fc.array(fc.integer({ min: 0, max: 200_000 }), { maxLength: 5 }),
        (last, frames, pace, milestones) => {
          const steps = filmSteps(last, frames, pace, milestones);
          expect(steps).toHaveLength(frames);
          expect(steps.at(-1)).toBe(last);
          if (frames > 1) expect(steps[0]).toBe(0);
          steps.forEach((step, frame) => {
            expect(Number.isInteger(step)).toBe(true);
            expect(step).toBeGreaterThanOrEqual(frame === 0 ? 0 : steps[frame - 1]!);
          });
        },
      ),
    );
  });

  it('are even in steps, or in their logarithm', () => {
    expect(filmSteps(100, 5, 'linear')).toEqual([0, 25, 50, 75, 100]);
    expect(filmSteps(9999, 5, 'log')).toEqual([0, 9, 99, 999, 9999]);
  });

  it('spend more frames around events', () => {
    const near = (milestones: number[]) => filmSteps(10_000, 400, 'events', milestones).filter((step) => step > 800 && step < 1250).length;
    expect(near([1000])).toBeGreaterThan(2 * near([]));
    expect(near([])).toBeCloseTo(filmSteps(10_000, 400, 'log').filter((step) => step > 800 && step < 1250).length, -1);
  });

  it('of no frames are refused', () => {
    for (const frames of [0, -1, 1.5, NaN]) expect(() => filmSteps(10, frames, 'log')).toThrow(RangeError);
  });
});
