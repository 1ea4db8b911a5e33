import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { repeatRow } from './repeatRow.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 1],
  [5, 7],
  [70, 3],
])('repeatRow: %i rows of %i', (rows, columns) => {
  checkOp(kernels, { inputs: [[columns]], build: ([x]) => repeatRow(x, rows) });
});

test('what cannot be repeated is refused with a sentence', () => {
  const graph = new Graph();
  expect(() => repeatRow(graph.parameter('x', [2, 3]), 2)).toThrow('repeatRow: a vector is needed, not shape [2, 3].');
  expect(() => repeatRow(graph.parameter('y', [2]), 0)).toThrow('the number of rows must be a positive whole number, not 0');
});
