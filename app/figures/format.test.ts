import { expect, it } from 'vitest';
import { fixed, powerOfTen, readable, scientific } from './format.ts';

it.each([
  [1000, 0, '1,000'],
  [1234567.891, 1, '1,234,567.9'],
  [-0.0005, 4, '−0.0005'],
  [-0.00001, 2, '0.00'],
  [999, 0, '999'],
])('fixed(%d, %d) is %s', (value, decimals, text) => expect(fixed(value, decimals)).toBe(text));

it.each([
  [0, '0'],
  [0.0123456, '0.0123'],
  [1240, '1,240'],
  [3.2e-7, '3.2 × 10⁻⁷'],
  [-1e12, '−10¹²'],
  [Number.NaN, 'not a number'],
  [Number.NEGATIVE_INFINITY, '−∞'],
  [0.1, '0.1'],
])('readable(%d) is %s', (value, text) => expect(readable(value)).toBe(text));

it('raises exponents', () => {
  expect(powerOfTen(-8)).toBe('10⁻⁸');
  expect(powerOfTen(12)).toBe('10¹²');
  expect(scientific(-2.5e9, 2)).toBe('−2.5 × 10⁹');
});
