import fc from 'fast-check';
import { expect, it } from 'vitest';
import { arranged, moved } from './side-layout.ts';

it('keeps every panel exactly once, whatever order was remembered', () => {
  const names = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'));
  fc.assert(
    fc.property(names, names, (ids, remembered) => {
      expect([...arranged(ids, remembered)].sort()).toEqual([...ids].sort());
    }),
  );
  expect(arranged(['a', 'b', 'c'], ['c', 'gone', 'a'])).toEqual(['c', 'a', 'b']);
});

it('moves a panel and stops at the ends', () => {
  expect(moved(['a', 'b', 'c'], 'a', 1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 'c', 5)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 'c', -5)).toEqual(['c', 'a', 'b']);
});
