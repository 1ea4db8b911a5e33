import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { Graph } from '../graph.ts';
import { concat } from './concat.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[3]], [[4, 4]], [[1, 5, 2]], [[7, 9]]])('concat of widths %j', (widths) => {
  const inputs = widths.map((width) => [6, width]);
  checkOp(kernels, { inputs, build: (parts) => concat(parts) });
});

test('the same part twice', () => {
  checkOp(kernels, { inputs: [[3, 5]], build: ([x]) => concat([x, x]) });
});

test('parts of unequal height are refused with a sentence', () => {
  const graph = new Graph();
  const parts = [graph.parameter('a', [2, 3]), graph.parameter('b', [4, 3])];
  expect(() => concat(parts)).toThrow('concat: every part must have 2 rows like the first, but one has 4.');
  expect(() => concat([])).toThrow('concat: give at least one matrix.');
});
