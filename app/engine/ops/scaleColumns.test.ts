import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { scaleColumns } from './scaleColumns.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 1],
  [5, 7],
  [4, 8],
])('scaleColumns of %i x %i', (rows, columns) => {
  checkOp(kernels, { inputs: [[rows, columns], [columns]], build: ([x, factors]) => scaleColumns(x, factors) });
});

test('factors that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  expect(() => scaleColumns(graph.parameter('x', [2, 3]), graph.parameter('f', [2]))).toThrow(
    'scaleColumns: 3 columns need factors of shape [3], not [2].',
  );
});
