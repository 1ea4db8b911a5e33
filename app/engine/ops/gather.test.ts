import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { Graph } from '../graph.ts';
import { gather } from './gather.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([1, 4, 7, 16, 37])('gather rows of %i numbers, some repeated, some never', (columns) => {
  const rows = [3, 0, 3, 3, 5, 1, 0];
  const inputs = [[6, columns]];
  checkOp(kernels, { inputs, build: ([table], graph) => gather(table, graph.indices(rows, 6)) });
});

test('indices for another table are refused with a sentence', () => {
  const graph = new Graph();
  const table = graph.parameter('table', [4, 2]);
  expect(() => gather(table, graph.indices([0], 5))).toThrow('gather: the indices are for 5 rows, but the table has 4.');
  expect(() => graph.indices([0, 4], 4)).toThrow('Index 4 at position 1 must be a whole number in 0..3.');
  expect(() => graph.indices([0.5], 4)).toThrow('must be a whole number in 0..3');
});
