import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coefficient, inverseTransform, realTransform, scaleFrequencies, spectralNorms } from './spectra.ts';

const matrices = fc.integer({ min: 1, max: 24 }).chain((rows) =>
  fc.integer({ min: 1, max: 4 }).chain((columns) =>
    fc.record({
      rows: fc.constant(rows),
      columns: fc.constant(columns),
      values: fc.array(fc.double({ min: -10, max: 10, noNaN: true }), { minLength: rows * columns, maxLength: rows * columns }),
    }),
  ),
);

describe('realTransform', () => {
  it('is the definition', () => {
    fc.assert(
      fc.property(matrices, ({ rows, columns, values }) => {
        const spectrum = realTransform(values, rows, columns);
        for (let k = 0; k < spectrum.frequencies; k += 1) {
          for (let j = 0; j < columns; j += 1) {
            let [re, im] = [0, 0];
            for (let t = 0; t < rows; t += 1) {
              re += values[t * columns + j] * Math.cos((2 * Math.PI * k * t) / rows);
              im -= values[t * columns + j] * Math.sin((2 * Math.PI * k * t) / rows);
            }
            expect(spectrum.real[k * columns + j]).toBeCloseTo(re, 10);
            expect(spectrum.imaginary[k * columns + j]).toBeCloseTo(im, 10);
          }
        }
      }),
    );
  });
  it('is undone by the inverse, keeps energy, and one coefficient is the same to the bit', () => {
    fc.assert(
      fc.property(matrices, fc.nat(100), ({ rows, columns, values }, frequency) => {
        const spectrum = realTransform(values, rows, columns);
        inverseTransform(spectrum).forEach((value, i) => expect(value).toBeCloseTo(values[i], 10));
        const norms = spectralNorms(spectrum);
        const energy = norms.reduce((sum, norm, k) => sum + (k === 0 || 2 * k === rows ? 1 : 2) * norm ** 2, 0);
        expect(energy / rows).toBeCloseTo(
          values.reduce((sum, value) => sum + value ** 2, 0),
          8,
        );
        const k = frequency % spectrum.frequencies;
        expect(coefficient(values, rows, columns, k).real).toEqual(spectrum.real.slice(k * columns, (k + 1) * columns));
        coefficient(values, rows, columns, -k).imaginary.forEach((value, j) =>
          expect(value).toBeCloseTo(0 - spectrum.imaginary[k * columns + j], 10),
        );
      }),
    );
  });
  it('refuses sizes that do not fit', () => {
    expect(() => realTransform([1, 2, 3], 2, 2)).toThrow(RangeError);
    expect(() => scaleFrequencies([1, 2, 3], 3, 1, [1])).toThrow(RangeError);
  });
});
