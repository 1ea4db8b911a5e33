import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { orderAlongLinks, spreadRanks } from './rings.ts';

describe('rings', () => {
  it('follows the circle of a frequency: neighbours differ by the inverse of k', () => {
    // p = 11, k = 4: inverse 3.
    const links = Array.from({ length: 11 }, (_, t) => [(t * 3) % 11, ((t + 1) * 3) % 11]).flat();
    const order = [...orderAlongLinks(links, 11)];
    expect(order).toHaveLength(11);
    expect(new Set(order).size).toBe(11);
    order.forEach((token, place) => expect([3, 8]).toContain((order[(place + 1) % 11] - token + 11) % 11));
  });

  it('follows an open chain from its end', () => {
    const order = [...orderAlongLinks([2, 0, 0, 1, 1, 3], 4)];
    expect([
      [2, 0, 1, 3],
      [3, 1, 0, 2],
    ]).toContainEqual(order);
  });

  it.each([
    ['no links', []],
    ['two rings', [0, 1, 1, 2, 2, 0, 3, 4, 4, 5, 5, 3]],
    ['a branch', [0, 1, 0, 2, 0, 3]],
    ['an index out of range', [0, 9]],
  ])('keeps the order of the points for %s', (_, links) => {
    expect([...orderAlongLinks(links, 6)]).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('ranks every place once, the first few evenly', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 300 }), (count) => {
        expect([...spreadRanks(count)].sort((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, index) => index));
      }),
    );
    expect([...spreadRanks(64).subarray(0, 4)]).toEqual([0, 32, 16, 48]);
  });
});
