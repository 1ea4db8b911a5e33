import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addPositions, Graph } from '../index.ts';
import { checkOp } from '../testing.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 1, 1],
  [3, 4, 5],
])('positions added to %i sequences of %i positions, width %i', (count, length, width) => {
  checkOp(kernels, {
    inputs: [
      [count * length, width],
      [length, width],
    ],
    build: ([x, positions]) => addPositions(x, positions),
  });
});

test('positions that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [6, 4]);
  expect(() => addPositions(x, graph.parameter('p', [4, 4]))).toThrow(
    'addPositions: positions of shape [4, 4] do not fit rows of shape [6, 4].',
  );
  expect(() => addPositions(x, graph.parameter('r', [3, 5]))).toThrow('positions of shape [3, 5] do not fit');
});
