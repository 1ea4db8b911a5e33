import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { Graph } from '../graph.ts';
import { transpose } from './transpose.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 1],
  [4, 4],
  [5, 7],
  [8, 3],
  [3, 9],
])('transpose of %i x %i', (rows, columns) => {
  const inputs = [[rows, columns]];
  checkOp(kernels, { inputs, build: ([x]) => transpose(x) });
});

test('only matrices are transposed', () => {
  expect(() => transpose(new Graph().parameter('x', [3]))).toThrow('transpose: the argument must be a matrix, not of shape [3].');
});
