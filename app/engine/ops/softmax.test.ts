import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { softmax } from './softmax.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[16, 1]], [[64, 1]], [[5, 7]], [[4, 8]], [[16, 3]], [[2, 3, 5]]])('softmax of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => softmax(x) });
});

test.each([[[1, 1]], [[5, 5]], [[3, 4, 4]], [[2, 9, 9]]])('causal softmax of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => softmax(x, { causal: true }) });
});

test('large numbers do not overflow', () => {
  checkOp(kernels, { inputs: [[6, 9]], build: ([x]) => softmax(x), draw: (random) => Math.round(300 * random.normal()) });
});

test('what softmax cannot run over is refused with a sentence', () => {
  const graph = new Graph();
  expect(() => softmax(graph.parameter('x', [2, 3]), { causal: true })).toThrow(
    'softmax: a causal one needs square matrices, not shape [2, 3].',
  );
  expect(() => softmax(graph.parameter('y', []))).toThrow('softmax: a scalar has no axis to run over.');
});
