import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { sumColumns } from './sumColumns.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 1],
  [5, 7],
  [3, 130],
])('sumColumns of %i x %i', (rows, columns) => {
  checkOp(kernels, { inputs: [[rows, columns]], build: ([x]) => sumColumns(x) });
});

test('only matrices have columns', () => {
  expect(() => sumColumns(new Graph().parameter('x', [3]))).toThrow('sumColumns: the argument must be a matrix, not of shape [3].');
});
