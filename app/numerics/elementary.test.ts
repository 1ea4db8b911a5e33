import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from './golden.json' with { type: 'json' };
import { cosTurn, exp, inverseNormal, log, sinTurn } from './elementary.ts';

/** Distance in units of the last place of `expected`, away from subnormal numbers. */
const ulps = (actual: number, expected: number) => Math.abs(actual - expected) / (Math.abs(expected) * 2 ** -52);

describe('exp and log', () => {
  it('agree with the platform to 2 units in the last place', () => {
    fc.assert(
      fc.property(fc.double({ min: -700, max: 709, noNaN: true }), (x) => {
        expect(ulps(exp(x), Math.exp(x))).toBeLessThanOrEqual(2);
      }),
    );
    fc.assert(
      fc.property(fc.double({ min: 5e-324, max: 1.7e308, noNaN: true }), (x) => {
        if (Math.abs(Math.log(x)) > 1e-3) expect(ulps(log(x), Math.log(x))).toBeLessThanOrEqual(2);
      }),
    );
  });
  it('have the exact values and limits', () => {
    expect([exp(0), exp(-Infinity), exp(Infinity), exp(710), exp(-746)]).toEqual([1, 0, Infinity, Infinity, 0]);
    expect([exp(709.7), exp(-745)]).toEqual([Math.exp(709.7), 5e-324]);
    expect([log(1), log(0), log(Infinity), log(-1)]).toEqual([0, -Infinity, Infinity, NaN]);
    expect(log(5e-324)).toBeCloseTo(-744.4400719213812, 12);
    expect([exp(NaN), log(NaN)]).toEqual([NaN, NaN]);
  });
  it('agree with extended precision', () => {
    golden.elementary.exp.forEach(([x, value]) => expect(ulps(exp(x), value)).toBeLessThanOrEqual(1));
    golden.elementary.log.forEach(([x, value]) => expect(ulps(log(x), value)).toBeLessThanOrEqual(1));
  });
});

describe('turns', () => {
  it('agree with extended precision where the platform reduces inexactly', () => {
    golden.elementary.turns.forEach(([k, n, cosine, sine]) => {
      expect(ulps(cosTurn(k, n), cosine)).toBeLessThanOrEqual(1);
      expect(ulps(sinTurn(k, n), sine)).toBeLessThanOrEqual(1);
    });
  });
  it('are exact at quarters and keep every symmetry to the bit', () => {
    expect([0, 1, 2, 3].map((k) => cosTurn(k, 4))).toEqual([1, 0, -1, 0]);
    expect([0, 1, 2, 3].map((k) => sinTurn(k, 4))).toEqual([0, 1, 0, -1]);
    fc.assert(
      fc.property(fc.integer({ min: -1e6, max: 1e6 }), fc.integer({ min: 1, max: 1e5 }), (k, n) => {
        const [c, s] = [cosTurn(k, n), sinTurn(k, n)];
        expect([cosTurn(k + n, n), sinTurn(k + n, n)]).toEqual([c, s]);
        expect(cosTurn(-k, n)).toBeCloseTo(c, 15);
        expect(sinTurn(-k, n)).toBeCloseTo(0 - s, 15);
        expect(Math.abs(c * c + s * s - 1)).toBeLessThan(5e-16);
      }),
    );
  });
  it('refuse what is not a turn', () => {
    expect(() => cosTurn(0.5, 3)).toThrow(RangeError);
    expect(() => sinTurn(1, 0)).toThrow(RangeError);
  });
});

describe('inverseNormal', () => {
  it('agrees with SciPy to 1e-14', () => {
    golden.elementary.inverseNormal.forEach(([p, value]) =>
      expect(Math.abs(inverseNormal(p) - value)).toBeLessThanOrEqual(1e-14 * Math.max(Math.abs(value), 1e-2)),
    );
  });
  it('is odd about one half and increasing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 2 ** 30 - 1 }), (i) => {
        expect(inverseNormal(i / 2 ** 30)).toBe(0 - inverseNormal(1 - i / 2 ** 30));
      }),
    );
    expect([inverseNormal(0), inverseNormal(1), inverseNormal(-1), inverseNormal(NaN)]).toEqual([-Infinity, Infinity, NaN, NaN]);
  });
});
