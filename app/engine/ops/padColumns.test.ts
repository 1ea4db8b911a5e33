import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { padColumns } from './padColumns.ts';
import { sliceColumns } from './sliceColumns.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [0, 1, 1],
  [2, 3, 9],
  [1, 4, 5],
])('columns from %i, %i of %i: the gradient of sliceColumns', (start, count, columns) => {
  checkOp(kernels, { inputs: [[6, columns]], build: ([x]) => sliceColumns(x, start, count) });
});

test('columns that do not fit are refused with a sentence', () => {
  const x = new Graph().parameter('x', [2, 3]);
  expect(() => padColumns(x, 2, 4)).toThrow('padColumns: 3 columns from column 2 on do not fit into 4 columns.');
});
