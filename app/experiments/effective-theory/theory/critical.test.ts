import { describe, expect, it } from 'vitest';
import { stream } from '#app/numerics/random.ts';
import { degreesOfFreedom, taskStructure } from './parallelograms.ts';
import { criticalCurve, forcedSize, meanSlowestMode, rateMap } from './critical.ts';

const ten = taskStructure('addition', 10);

describe('critical training fraction', () => {
  it("follows the authors' table (check 2)", () => {
    const published = { 20: 0.18, 22: 0.43, 24: 0.71, 26: 0.87, 30: 0.98 };
    const { probability } = criticalCurve(ten, 2000);
    for (const [size, expected] of Object.entries(published))
      expect(Math.abs(probability[Number(size)] - expected), `n = ${size}`).toBeLessThan(0.035);
  });

  it('and their whole table with as many draws as theirs', () => {
    const published = {
      20: 0.175,
      21: 0.286,
      22: 0.427,
      23: 0.58,
      24: 0.709,
      25: 0.803,
      26: 0.867,
      27: 0.919,
      28: 0.949,
      30: 0.981,
      35: 0.998,
    };
    const curve = criticalCurve(ten, 10_000);
    for (const [size, expected] of Object.entries(published))
      expect(Math.abs(curve.probability[Number(size)] - expected), `n = ${size}`).toBeLessThan(0.02);
    expect(curve.size).toBe(23);
    expect(curve.fraction).toBeCloseTo(22.5 / 55, 2);
    expect(curve.probability.slice(0, 14).every((value) => value === 0)).toBe(true);
  });

  it('agrees with the rank of sets drawn one by one', () => {
    const random = stream(5, 'test');
    for (let draw = 0; draw < 50; draw += 1) {
      const order = random.permutation(55);
      const size = forcedSize(ten, order);
      expect(degreesOfFreedom(ten, order.slice(0, size))).toBe(2);
      expect(degreesOfFreedom(ten, order.slice(0, size - 1))).toBeGreaterThan(2);
    }
  });

  it('falls with the number of symbols: it is a finite-size number', () => {
    const published = { 6: 13, 8: 18, 10: 23, 14: 32, 20: 48, 28: 68 };
    for (const [symbols, size] of Object.entries(published)) {
      const curve = criticalCurve(taskStructure('addition', Number(symbols)), 1000);
      expect(Math.abs(curve.size - size), `p = ${symbols}`).toBeLessThanOrEqual(1);
    }
  });

  it('of the permutations of three is about one half, by three parallelograms that imply a fourth', () => {
    expect(criticalCurve(taskStructure('permutations', 6), 200).fraction).toBeCloseTo(0.5, 1);
  });

  it('is the same for the same seed', () => {
    expect(criticalCurve(ten, 50, 3)).toEqual(criticalCurve(ten, 50, 3));
    expect(criticalCurve(ten, 50, 3)).not.toEqual(criticalCurve(ten, 50, 4));
  });
});

describe('spectrum over random training sets', () => {
  it('has the means of figure 5a', () => {
    const expected = { 20: 0.0053, 25: 0.051, 30: 0.11, 35: 0.174, 40: 0.233, 45: 0.288, 50: 0.351 };
    for (const [size, value] of Object.entries(expected))
      expect(Math.abs(meanSlowestMode(ten, Number(size), 1000) - value), `n = ${size}`).toBeLessThan(0.006);
    expect(meanSlowestMode(ten, 55, 1)).toBeCloseTo(30 / 70, 10);
  });

  it('maps λ3 over p and fraction, with 2/21 for all of p = 10', () => {
    const map = rateMap((symbols) => taskStructure('addition', symbols), [6, 10], [0.1, 0.5, 1], 20);
    expect(map.values[5]).toBeCloseTo(2 / 21, 12);
    expect(map.values[0]).toBe(0);
    expect(map.values[4]).toBeLessThan(map.values[5]);
  });
});
