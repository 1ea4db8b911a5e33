import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { Graph } from '../graph.ts';
import { add } from './add.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[3, 5]], [[]], [[2, 3, 4]]])('add of shape %j', (shape) => {
  const inputs = [shape, shape];
  checkOp(kernels, { inputs, build: ([a, b]) => add(a, b) });
});

test('add of a tensor and itself', () => {
  checkOp(kernels, { inputs: [[7]], build: ([a]) => add(a, a) });
});

test('unequal shapes are refused with a sentence', () => {
  const graph = new Graph();
  expect(() => add(graph.parameter('a', [2, 3]), graph.parameter('b', [3, 2]))).toThrow('add: shapes [2, 3] and [3, 2] must be equal.');
});
