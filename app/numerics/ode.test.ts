import { Solver } from 'odex';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { integrate } from './ode.ts';

describe('integrate', () => {
  it('solves x" = -x on its whole dense output', () => {
    const solution = integrate((_, [x, v], out) => out.set([v, -x]), [1, 0], 0, 20, { relativeTolerance: 1e-10, absoluteTolerance: 1e-12 });
    for (let t = 0; t <= 20; t += 0.05) expect(solution.at(Math.min(t, 20))[0]).toBeCloseTo(Math.cos(t), 7);
    expect(solution.at(20)[0]).toBeCloseTo(Math.cos(20), 9);
    expect([solution.times[0], solution.times.at(-1)]).toEqual([0, 20]);
  });
  it('agrees with odex on the van der Pol oscillator', () => {
    const mu = 3;
    const oracle = new Solver(2);
    oracle.absoluteTolerance = oracle.relativeTolerance = 1e-12;
    const reference = oracle.solve((_: number, [x, v]: number[]) => [v, mu * (1 - x * x) * v - x], 0, [2, 0], 15).y;
    const solution = integrate((_, [x, v], out) => out.set([v, mu * (1 - x * x) * v - x]), [2, 0], 0, 15, {
      relativeTolerance: 1e-11,
      absoluteTolerance: 1e-12,
    });
    expect(solution.at(15)[0]).toBeCloseTo(reference[0], 8);
    expect(solution.at(15)[1]).toBeCloseTo(reference[1], 8);
  });
  it('is of fifth order: work grows as tolerance^(-1/5)', () => {
    const steps = (tolerance: number) =>
      integrate((_, [x], out) => out.set([-x]), [1], 0, 30, { relativeTolerance: tolerance, absoluteTolerance: tolerance }).times.length;
    const ratio = steps(1e-12) / steps(1e-7);
    expect(ratio).toBeGreaterThan(5);
    expect(ratio).toBeLessThan(20);
  });
  it('follows exponentials in either direction', () => {
    fc.assert(
      fc.property(fc.double({ min: -2, max: 2, noNaN: true }), fc.double({ min: -3, max: 3, noNaN: true }), (rate, end) => {
        expect(integrate((_, [x], out) => out.set([rate * x]), [1], 0, end).at(end)[0] / Math.exp(rate * end)).toBeCloseTo(1, 6);
      }),
    );
  });
  it('says when a solution explodes or needs too many steps', () => {
    expect(() => integrate((_, [x], out) => out.set([x * x]), [1], 0, 2)).toThrow(RangeError);
    expect(() => integrate((_, [x], out) => out.set([-1e6 * x]), [1], 0, 10, { maximumSteps: 100 })).toThrow(/100 steps/);
    expect(() => integrate((_, __, out) => out.fill(0), [1], 0, 1).at(2)).toThrow(RangeError);
  });
});
