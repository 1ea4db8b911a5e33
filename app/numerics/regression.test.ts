import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from './golden.json' with { type: 'json' };
import { diagonalLeastSquares, lasso, leastSquares, rSquared } from './regression.ts';
import type { Observations } from './regression.ts';

const { rows, x, y, ...expected } = golden.regression;
const observations: Observations = { rows, inputs: 5, outputs: 2, x, y };
const close = (actual: ArrayLike<number>, values: readonly number[], digits: number) =>
  values.forEach((value, i) => expect(actual[i]).toBeCloseTo(value, digits));

describe('leastSquares', () => {
  it('agrees with scikit-learn', () => {
    const model = leastSquares(observations);
    close(model.coefficients, expected.ols.coefficients, 11);
    close(model.intercept, expected.ols.intercept, 10);
    expect(rSquared(model, observations)).toBeCloseTo(expected.ols.r2, 12);
  });
  it('recovers any exact linear law', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -9, max: 9 }), { minLength: 3, maxLength: 3 }),
        fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 24, maxLength: 24 }),
        (law, values) => {
          const inputs = Float64Array.from(values);
          const outputs = Float64Array.from({ length: 12 }, (_, t) => law[0] * inputs[2 * t] + law[1] * inputs[2 * t + 1] + law[2]);
          const exact = { rows: 12, inputs: 2, outputs: 1, x: inputs, y: outputs };
          const model = leastSquares(exact);
          for (let t = 0; t < 12; t += 1) {
            const predicted = model.coefficients[0] * inputs[2 * t] + model.coefficients[1] * inputs[2 * t + 1] + model.intercept[0];
            expect(predicted).toBeCloseTo(outputs[t], 8);
          }
        },
      ),
    );
  });
  it('recovers a law beside an input too small to be squared', () => {
    const x = new Float64Array(24);
    [x[9], x[10], x[13]] = [1.7151552739386311e-162, -5.454545454545455e-9, -1.3152615062548197e-166];
    const model = leastSquares({ rows: 12, inputs: 2, outputs: 1, x, y: x.filter((_, i) => i % 2 === 0) });
    expect(model.coefficients[0]).toBeCloseTo(1, 8);
  });
  it('gives the solution of least norm when inputs are collinear or constant', () => {
    const model = leastSquares({ rows: 3, inputs: 3, outputs: 1, x: [1, 1, 7, 2, 2, 7, 3, 3, 7], y: [2, 4, 6] });
    close(model.coefficients, [1, 1, 0], 12);
    expect(model.intercept[0]).toBeCloseTo(0, 12);
    const few = leastSquares({ rows: 2, inputs: 3, outputs: 1, x: [0, 0, 0, 1, 2, 2], y: [0, 9] });
    close(few.coefficients, [1, 2, 2], 12);
  });
});

describe('lasso', () => {
  it('agrees with scikit-learn at full convergence', () => {
    expected.lasso.forEach((golden) => {
      const model = lasso(observations, { alpha: golden.alpha, tolerance: 1e-14 });
      expect(model.converged).toBe(true);
      close(model.coefficients, golden.coefficients, 6);
      close(model.intercept, golden.intercept, 5);
      expect(rSquared(model, observations)).toBeCloseTo(golden.r2, 8);
    });
  });
  it('meets the optimality conditions', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 40, maxLength: 40 }),
        fc.double({ min: 0.01, max: 2, noNaN: true }),
        (values, alpha) => {
          const [inputs, outputs] = [values.slice(0, 30), values.slice(30)];
          const model = lasso({ rows: 10, inputs: 3, outputs: 1, x: inputs, y: outputs }, { alpha, tolerance: 1e-13 });
          const residual = outputs.map(
            (value, t) => value - model.intercept[0] - [0, 1, 2].reduce((sum, j) => sum + model.coefficients[j] * inputs[3 * t + j], 0),
          );
          expect(residual.reduce((sum, value) => sum + value, 0)).toBeCloseTo(0, 8);
          for (let j = 0; j < 3; j += 1) {
            const slope = residual.reduce((sum, value, t) => sum + value * inputs[3 * t + j], 0) / 10;
            if (model.coefficients[j] === 0) expect(Math.abs(slope)).toBeLessThanOrEqual(alpha * (1 + 1e-4) + 1e-6);
            else expect(slope).toBeCloseTo(Math.sign(model.coefficients[j]) * alpha, 3);
          }
        },
      ),
    );
  });
  it('says when it did not converge', () => {
    expect(lasso(observations, { alpha: 1e-6, tolerance: 1e-15, maximumSweeps: 3 }).converged).toBe(false);
    expect(() => lasso(observations, { alpha: 0 })).toThrow(RangeError);
  });
});

describe('diagonalLeastSquares', () => {
  it('couples nothing', () => {
    const model = diagonalLeastSquares({ rows: 3, inputs: 2, outputs: 2, x: [0, 5, 1, 5, 2, 5], y: [1, 1, 3, 2, 5, 3] });
    close(model.coefficients, [2, 0, 0, 0], 14);
    close(model.intercept, [1, 2], 14);
    expect(() => diagonalLeastSquares(observations)).toThrow(RangeError);
  });
});

describe('rSquared', () => {
  it('counts a constant output 1 if met and 0 if not', () => {
    const model = { inputs: 1, outputs: 1, coefficients: new Float64Array([0]), intercept: new Float64Array([4]) };
    expect(rSquared(model, { rows: 2, inputs: 1, outputs: 1, x: [1, 2], y: [4, 4] })).toBe(1);
    expect(rSquared(model, { rows: 2, inputs: 1, outputs: 1, x: [1, 2], y: [5, 5] })).toBe(0);
  });
});
