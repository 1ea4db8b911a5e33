import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { normalizeRows } from './normalizeRows.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 2],
  [5, 7],
  [4, 8],
  [3, 65],
])('normalizeRows of %i x %i', (rows, columns) => {
  checkOp(kernels, { inputs: [[rows, columns]], build: ([x]) => normalizeRows(x, 1e-5) });
});

test('a single number is its own mean', () => {
  checkOp(kernels, { inputs: [[3, 1]], build: ([x]) => normalizeRows(x, 1e-5) });
});

test('what cannot be normalised is refused with a sentence', () => {
  const graph = new Graph();
  expect(() => normalizeRows(graph.parameter('x', [3]), 1e-5)).toThrow('normalizeRows: the argument must be a matrix, not of shape [3].');
  expect(() => normalizeRows(graph.parameter('y', [2, 3]), 0)).toThrow('normalizeRows: epsilon must be a positive number, not 0.');
});
