import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph, mean, multiply, sum } from '../index.ts';
import { checkOp } from '../testing.ts';
import { fill } from './fill.ts';
import { scaleBy } from './scaleBy.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test('gradients of scalars computed from scalars pass through fill and scaleBy', () => {
  checkOp(kernels, { inputs: [[9], [2, 3]], build: ([x, y]) => multiply(sum(x), mean(y)) });
});

test('fill and scaleBy want scalars', () => {
  const x = new Graph().parameter('x', [2]);
  expect(() => fill(x, [3], 1)).toThrow('fill: a scalar is needed');
  expect(() => scaleBy(x, x)).toThrow('scaleBy: the factor must be a scalar');
});

test('multiplication by the constant 1 is left out', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [2]);
  expect(scaleBy(x, graph.constant([1], []))).toBe(x);
  expect(scaleBy(x, graph.constant([2], []))).not.toBe(x);
});
