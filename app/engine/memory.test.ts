import fc from 'fast-check';
import { expect, test } from 'vitest';
import { align, ALIGNMENT, placeBlocks, type Block } from './memory.ts';

const blocks = fc.array(
  fc.record({ size: fc.integer({ min: 1, max: 9 }), first: fc.nat(20), length: fc.nat(8) }).map(({ size, first, length }): Block => {
    return { bytes: size * ALIGNMENT, first, last: first + length, offset: -1 };
  }),
  { maxLength: 40 },
);

test('blocks in use together never overlap and all lie inside the region', () => {
  fc.assert(
    fc.property(blocks, (list) => {
      const total = placeBlocks(list);
      list.forEach((a, i) => {
        expect(a.offset).toBeGreaterThanOrEqual(0);
        expect(a.offset % ALIGNMENT).toBe(0);
        expect(a.offset + a.bytes).toBeLessThanOrEqual(total);
        for (const b of list.slice(i + 1)) {
          const together = a.first <= b.last && b.first <= a.last;
          if (together) expect(a.offset + a.bytes <= b.offset || b.offset + b.bytes <= a.offset).toBe(true);
        }
      });
    }),
  );
});

test('blocks in use one after the other share memory', () => {
  const list = [0, 2, 4, 6].map((first): Block => ({ bytes: 640, first, last: first + 1, offset: 0 }));
  expect(placeBlocks(list)).toBe(640);
});

test('align rounds up to cache lines', () => {
  expect([0, 1, 64, 65].map(align)).toEqual([0, 64, 64, 128]);
});
