import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Column } from './columns.ts';

it('holds what was put, whatever the batches were', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.array(fc.integer({ min: 0, max: 40 }), { maxLength: 30 }), (width, batches) => {
      const column = new Column(width, 1);
      const expected: number[] = [];
      for (const rows of batches) {
        const values = Float64Array.from({ length: rows * width }, (_, i) => expected.length + i);
        column.put(column.rows, values);
        expected.push(...values);
      }
      expect(column.rows).toBe(expected.length / width);
      expect([...column.view()]).toEqual(expected);
    }),
  );
});

it('replaces rows from where a resumed run starts again', () => {
  const column = new Column(2);
  column.put(0, [1, 1, 2, 2, 3, 3]);
  column.put(1, [9, 9]);
  expect([...column.view()]).toEqual([1, 1, 9, 9]);
});

it('refuses gaps and broken rows', () => {
  const column = new Column(2);
  expect(() => column.put(1, [1, 1])).toThrow('missing');
  expect(() => column.put(0, [1])).toThrow('not rows of 2');
});
