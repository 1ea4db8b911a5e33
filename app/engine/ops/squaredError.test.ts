import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { Graph, scale } from '../index.ts';
import { squaredError } from './squaredError.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[3, 5]], [[300]]])('squaredError of shape %j', (shape) => {
  const inputs = [shape, shape];
  checkOp(kernels, { inputs, build: ([a, b]) => squaredError(a, b) });
});

test('half of it has half the gradient', () => {
  checkOp(kernels, { inputs: [[4], [4]], build: ([a, b]) => scale(squaredError(a, b), 0.5) });
});

test('unequal shapes are refused with a sentence', () => {
  const graph = new Graph();
  expect(() => squaredError(graph.parameter('a', [2]), graph.parameter('b', [3]))).toThrow(
    'squaredError: shapes [2] and [3] must be equal.',
  );
});
