import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { sliceColumns } from './sliceColumns.ts';

// Values are covered by the gradient of concat.
test('columns that do not exist are refused with a sentence', () => {
  const x = new Graph().parameter('x', [2, 5]);
  expect(() => sliceColumns(x, 3, 3)).toThrow('sliceColumns: columns 3..5 must lie in 0..4.');
  expect(sliceColumns(x, 1, 4).shape).toEqual([2, 4]);
});
