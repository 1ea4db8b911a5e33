import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { Graph } from '../graph.ts';
import { addBias } from './addBias.ts';
import { matmul } from './matmul.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 1],
  [3, 4],
  [5, 11],
  [70, 6],
])('addBias on %i rows of %i', (rows, columns) => {
  const inputs = [[rows, columns], [columns]];
  checkOp(kernels, { inputs, build: ([x, b]) => addBias(x, b) });
});

test.each([
  [5, 9, 7],
  [4, 3, 140],
  [2, 16, 1],
])('a product with bias, which is fused: sizes %i, %i, %i', (m, n, k) => {
  const inputs = [[m, k], [k, n], [n]];
  checkOp(kernels, { inputs, build: ([a, b, row]) => addBias(matmul(a, b), row) });
});

test('a bias of another length is refused with a sentence', () => {
  const graph = new Graph();
  expect(() => addBias(graph.parameter('x', [2, 3]), graph.parameter('b', [2]))).toThrow(
    'addBias: rows of 3 numbers need a bias of shape [3], not [2].',
  );
});
