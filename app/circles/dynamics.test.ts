import { describe, expect, it } from 'vitest';
import { diagonalFit, holdOut, lassoFit, leastSquaresFit, relativeError, windowOf } from './dynamics.ts';
import type { Window } from './dynamics.ts';

/** Signals that follow x(t+1) = x(t) + A x(t) + b exactly. */
function follow(a: readonly (readonly number[])[], b: readonly number[], x0: readonly number[], steps: number): Window {
  const rows = [[...x0]];
  for (let t = 0; t < steps; t += 1)
    rows.push(rows[t].map((value, i) => value + a[i].reduce((sum, weight, j) => sum + weight * rows[t][j], b[i])));
  return { from: 0, steps, frequencies: x0.length, signals: Float64Array.from(rows.flat()) };
}

const a = [
  [-0.02, 0.01, 0],
  [-0.01, -0.005, 0],
  [0, 0.004, -0.03],
];
const b = [0.1, 0.6, 0.2];
const system = follow(a, b, [10, 40, 25], 300);

const near = (actual: ArrayLike<number>, expected: readonly number[], tolerance: number) =>
  expected.forEach((value, i) => expect(Math.abs(actual[i] - value), `element ${i}`).toBeLessThanOrEqual(tolerance));

describe('fits to a known system', () => {
  it('least squares recovers it and all three rollouts retrace it', () => {
    const { model, r2, nonZero, rollouts } = leastSquaresFit(system);
    near(model.coefficients, a.flat(), 1e-10);
    near(model.intercept, b, 1e-8);
    expect(r2).toBeCloseTo(1, 12);
    expect(nonZero).toBeGreaterThan(0.5);
    expect(rollouts.map.error).toBeLessThan(1e-9);
    // The flow of the differential equation differs from the map at second order in A.
    expect(rollouts.closedForm.error).toBeLessThan(0.02);
    rollouts.ode.signals.forEach((value, i) => expect(value).toBeCloseTo(rollouts.closedForm.signals[i], 5));
  });
  it('Lasso has the golden values', () => {
    const { model, r2, converged, nonZero } = lassoFit(system, 0.01);
    near(model.coefficients, [-0.01347, 0, 0, -0.01286, 0, 0, 0, 0.009804, -0.017636], 1e-4);
    near(model.intercept, [0.453346, 0.411998, -0.297101], 1e-4);
    expect(Math.abs(r2 - 0.992172)).toBeLessThan(1e-4);
    expect(converged).toBe(true);
    expect(nonZero).toBeCloseTo(4 / 9, 12);
  });
  it('a diagonal law explains less than a coupled one', () => {
    expect(diagonalFit(system).r2).toBeLessThan(leastSquaresFit(system).r2);
    const uncoupled = follow(
      [
        [-0.1, 0],
        [0, 0.02],
      ],
      [0, 0.1],
      [5, 1],
      40,
    );
    expect(diagonalFit(uncoupled).r2).toBeCloseTo(1, 12);
  });
});

describe('holdOut', () => {
  it('forecasts an exact law', () => {
    const result = holdOut(system);
    expect([result.from, result.to, result.forecasts]).toEqual([150, 300, true]);
    expect(result.error).toBeLessThan(1e-6);
    expect(result.persistence).toBeGreaterThan(1);
  });
  it('does not forecast a law that changes', () => {
    const first = follow([[0.02]], [0], [1], 100);
    const second = follow([[-0.05]], [0], [first.signals[100]], 100);
    const broken: Window = {
      from: 40,
      steps: 200,
      frequencies: 1,
      signals: Float64Array.from([...first.signals, ...second.signals.slice(1)]),
    };
    const result = holdOut(broken);
    expect([result.from, result.to, result.forecasts]).toEqual([140, 240, false]);
    expect(result.sentence).toContain('does not forecast');
  });
});

describe('relativeError', () => {
  it('is 1 for the means, 0 for the truth, and knows no unit', () => {
    const window: Window = { from: 0, steps: 2, frequencies: 2, signals: Float64Array.of(1, 40, 2, 20, 3, 30) };
    expect(relativeError(window, window.signals)).toBe(0);
    expect(relativeError(window, Float64Array.of(2, 30, 2, 30, 2, 30))).toBeCloseTo(1, 14);
    expect(relativeError({ ...window, signals: new Float64Array(6) }, new Float64Array(6))).toBeNaN();
  });
});

describe('windowOf', () => {
  it('takes what is recorded', () => {
    const history = { rows: 5, at: (step: number) => ({ modulus: 5, signals: Float64Array.of(step, 10 + step), unpaired: [0] }) };
    expect(windowOf(history, 1, 999)).toEqual({ from: 1, steps: 3, frequencies: 2, signals: Float64Array.of(1, 11, 2, 12, 3, 13, 4, 14) });
    expect(windowOf(history, 7, 9).steps).toBeLessThan(0);
  });
});
