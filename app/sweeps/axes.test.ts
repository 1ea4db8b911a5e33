import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { axisValues, formatAxis, isOrdered, parseAxis } from './axes.ts';
import { mapped } from './testing.ts';

const range = (parameter: string, scale: 'linear' | 'log', from: number, to: number, count: number) =>
  ({ kind: 'range', parameter, scale, from, to, count }) as const;

describe('values of an axis', () => {
  it('are the decimals that people write, and end exactly at its ends', () => {
    expect(axisValues(mapped, range('rate', 'log', 1e-5, 1e-2, 4))).toEqual([1e-5, 1e-4, 1e-3, 1e-2]);
    expect(axisValues(mapped, range('rate', 'linear', 0, 1, 11))).toEqual([0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1]);
    expect(axisValues(mapped, range('rate', 'log', 1e-4, 1e-2, 11))[1]).toBe(1.58489319246e-4);
  });

  it('are whole, each once, where the parameter is', () => {
    expect(axisValues(mapped, range('width', 'log', 1, 8, 6))).toEqual([1, 2, 3, 5, 8]);
    expect(axisValues(mapped, range('seed', 'linear', 0, 2, 3))).toEqual([0, 1, 2]);
  });

  it('grow or fall from end to end', () => {
    const end = fc.double({ min: 1e-6, max: 10, noNaN: true });
    fc.assert(
      fc.property(
        end,
        end,
        fc.integer({ min: 2, max: 60 }),
        fc.constantFrom('linear' as const, 'log' as const),
        (from, to, count, scale) => {
          fc.pre(Math.abs(Math.log(from / to)) > 1e-3);
          const values = axisValues(mapped, range('rate', scale, from, to, count));
          expect([values[0], values.at(-1), values.length]).toEqual([from, to, count]);
          expect(isOrdered(values)).toBe(true);
        },
      ),
    );
  });
});

describe('an axis as text', () => {
  it('is read', () => {
    expect(parseAxis('rate=1e-5..1e-2:10:log')).toEqual(range('rate', 'log', 1e-5, 1e-2, 10));
    expect(parseAxis('steps = 100..500:5')).toEqual(range('steps', 'linear', 100, 500, 5));
    expect(parseAxis('kind=one,two')).toEqual({ kind: 'list', parameter: 'kind', values: ['one', 'two'] });
    expect(parseAxis('hiddenWidths=[64,64],[128]')).toEqual({ kind: 'list', parameter: 'hiddenWidths', values: [[64, 64], [128]] });
  });

  it('is read as it was written', () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (Object.is(value, -0) ? 0 : value));
    const axis = fc.oneof(
      fc
        .record({
          from: number,
          to: number,
          count: fc.integer({ min: 0, max: 1e6 }),
          scale: fc.constantFrom('linear' as const, 'log' as const),
        })
        .map((rest) => ({ kind: 'range' as const, parameter: 'rate', ...rest })),
      fc
        .array(fc.oneof(number, fc.boolean(), fc.constantFrom('one', 'two words')), { minLength: 1, maxLength: 5 })
        .map((values) => ({ kind: 'list' as const, parameter: 'kind', values })),
    );
    fc.assert(
      fc.property(axis, (given) => {
        expect(parseAxis(formatAxis(given))).toEqual(given);
      }),
    );
  });

  it.each(['rate', '=1,2', 'rate=', 'rate=1..2', 'rate=1..two:3', 'rate=1..2:3:cubic'])('that is none is refused: %s', (text) => {
    expect(() => parseAxis(text)).toThrow(/is no axis; write parameter=from\.\.to:count/);
  });
});
