import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sameData } from './same.ts';

describe('sameData', () => {
  it('holds for a copy, and not for anything that differs', () => {
    const data = fc.jsonValue();
    fc.assert(fc.property(data, (value) => sameData(value, structuredClone(value))));
    fc.assert(
      fc.property(data, data, (one, other) => sameData(one, other) === (JSON.stringify(sorted(one)) === JSON.stringify(sorted(other)))),
    );
  });

  it('compares numbers as figures do: gaps are equal to gaps', () => {
    expect(sameData(Float64Array.of(1, Number.NaN), [1, Number.NaN])).toBe(true);
    expect(sameData(Float64Array.of(1, 2), Float64Array.of(1, 3))).toBe(false);
    expect(sameData({ a: undefined }, {})).toBe(false);
    expect(sameData([], {})).toBe(false);
  });
});

/** Records with their names in order, and -0 apart from 0 as `Object.is` has it. */
function sorted(value: unknown): unknown {
  if (Object.is(value, -0)) return 'minus zero';
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, entry]) => [name, sorted(entry)]),
  );
}
