import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import golden from './golden.json' with { type: 'json' };
import { matrixExponential, matrixOf, valuesOf } from './linear-algebra.ts';

describe('matrixExponential', () => {
  it('agrees with SciPy', () => {
    golden.linearAlgebra.matrices.forEach(({ size, matrix, exponential }) => {
      const largest = Math.max(...exponential.map(Math.abs));
      matrixExponential(matrix, size).forEach((value, i) => expect(Math.abs(value - exponential[i])).toBeLessThan(1e-12 * largest));
    });
  });
  it('has its closed forms', () => {
    expect([...matrixExponential([0, 1, 0, 0], 2)]).toEqual([1, 1, 0, 1]);
    fc.assert(
      fc.property(fc.double({ min: -20, max: 20, noNaN: true }), (angle) => {
        const rotation = matrixExponential([0, -angle, angle, 0], 2);
        [Math.cos(angle), -Math.sin(angle), Math.sin(angle), Math.cos(angle)].forEach((value, i) =>
          expect(rotation[i]).toBeCloseTo(value, 11),
        );
      }),
    );
  });
  it('refuses what is not finite or not square', () => {
    expect(() => matrixExponential([NaN], 1)).toThrow(RangeError);
    expect(() => matrixExponential([1, 2], 2)).toThrow(RangeError);
    expect([...valuesOf(matrixOf([1, 2, 3, 4, 5, 6], 2, 3))]).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
