import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { scaleRows } from './scaleRows.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 1],
  [5, 7],
  [4, 8],
])('scaleRows of %i x %i', (rows, columns) => {
  checkOp(kernels, { inputs: [[rows, columns], [rows]], build: ([x, factors]) => scaleRows(x, factors) });
});

test('factors that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  expect(() => scaleRows(graph.parameter('x', [2, 3]), graph.parameter('f', [3]))).toThrow(
    'scaleRows: 2 rows need factors of shape [2], not [3].',
  );
});
