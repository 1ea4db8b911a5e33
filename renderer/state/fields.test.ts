import fc from 'fast-check';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { choicesOf, formatValue, kindOf, parseText, stepValue } from './fields.ts';

it('finds how a parameter is edited', () => {
  expect(kindOf(z.number().min(0).default(1))).toBe('number');
  expect(kindOf(z.number().default(1), { step: 1 })).toBe('integer');
  expect(kindOf(z.number().default(1), { step: 0.05 })).toBe('number');
  expect(kindOf(z.array(z.number()).default([]))).toBe('numbers');
  expect(kindOf(z.boolean())).toBe('boolean');
  expect(kindOf(z.enum(['a', 'b']).default('a'))).toBe('choice');
  expect(choicesOf(z.enum(['a', 'b']).default('a'))).toEqual(['a', 'b']);
});

it('reads back numbers and lists as it writes them', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, noDefaultInfinity: true })), (values) => {
      const normal = values.map((value) => value + 0);
      expect(parseText('numbers', formatValue(normal))).toEqual({ value: normal });
    }),
  );
});

it('names what is not a number', () => {
  expect(parseText('number', 'fast')).toEqual({ problem: '"fast" is not a number.' });
  expect(parseText('number', '')).toEqual({ problem: 'A number is needed here.' });
  expect(parseText('numbers', '1, x')).toMatchObject({ problem: expect.stringContaining('"x"') });
  expect(parseText('number', '0x10')).toHaveProperty('problem');
  expect(parseText('number', '1e-3')).toEqual({ value: 0.001 });
});

it('steps linearly and along 1, 2, 5', () => {
  expect(stepValue(59, 1, 'integer', { step: 1 })).toBe(60);
  expect(stepValue(0.5, -1, 'number', { step: 0.05 })).toBe(0.45);
  expect(stepValue(0.01, 1, 'number', { scale: 'log' })).toBe(0.02);
  expect(stepValue(0.01, -1, 'number', { scale: 'log' })).toBe(0.005);
  expect(stepValue(1500, 1, 'integer', { scale: 'log' })).toBe(2000);
  expect(stepValue(3, -1, 'integer', { scale: 'log' })).toBe(2);
  expect(stepValue(10, 1, 'number', { scale: 'log', maximum: 10 })).toBe(10);
});

it('always moves within the range, and by at least one for integers', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9999 }), fc.constantFrom(1 as const, -1 as const), fc.boolean(), (value, direction, coarse) => {
      const next = stepValue(value, direction, 'integer', { scale: 'log', minimum: 0, maximum: 10_000 }, coarse);
      expect(Number.isInteger(next)).toBe(true);
      expect(Math.sign(next - value)).toBe(direction);
    }),
  );
});
