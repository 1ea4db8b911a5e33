import fc from 'fast-check';
import { Matrix, SingularValueDecomposition } from 'ml-matrix';
import { describe, expect, it } from 'vitest';
import { cyclicSpan, rationalSpan } from './span.ts';

const width = 7;
const row = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: width, maxLength: width });

describe('rational span', () => {
  it('has the rank that the singular values give', () => {
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 9 }), (rows) => {
        const span = rationalSpan(width);
        for (const each of rows) span.add(each);
        const { diagonal } = new SingularValueDecomposition(new Matrix(rows), { autoTranspose: true });
        expect(span.rank).toBe(diagonal.filter((value) => value > 1e-9).length);
      }),
    );
  });

  it('contains exactly what leaves the rank unchanged', () => {
    fc.assert(
      fc.property(fc.array(row, { maxLength: 6 }), row, (rows, other) => {
        const span = rationalSpan(width);
        for (const each of rows) span.add(each);
        const before = span.rank;
        const inside = span.contains(other);
        span.add(other);
        expect(span.rank === before).toBe(inside);
      }),
    );
  });

  it('is exact where one prime divides a minor', () => {
    const span = rationalSpan(40);
    const first = new Float64Array(40);
    const second = new Float64Array(40);
    first.set([67_108_859, 0]);
    second.set([0, 1]);
    span.add(first);
    span.add(second);
    expect(span.rank).toBe(2);
  });

  it('forgets', () => {
    const span = rationalSpan(2);
    span.add([1, 0]);
    span.clear();
    expect([span.rank, span.contains([1, 0])]).toEqual([0, false]);
  });
});

it('counts rank over residues, of a composite modulus the least of its prime factors', () => {
  const span = cyclicSpan(2, 6);
  span.add([2, 0]);
  span.add([0, 1]);
  expect(span.rank).toBe(1);
  expect(span.contains([1, 0])).toBe(false);
  expect(span.contains([0, 5])).toBe(true);
});
