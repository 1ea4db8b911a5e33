import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { layerNorm } from './layerNorm.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [5, 7],
  [3, 32],
])('layerNorm of %i x %i', (rows, columns) => {
  checkOp(kernels, { inputs: [[rows, columns], [columns], [columns]], build: ([x, gain, shift]) => layerNorm(x, gain, shift) });
});

test('a gain that does not fit is refused with a sentence', () => {
  const graph = new Graph();
  const [x, gain, shift] = [graph.parameter('x', [2, 3]), graph.parameter('gain', [2]), graph.parameter('shift', [3])];
  expect(() => layerNorm(x, gain, shift)).toThrow('scaleColumns: 3 columns need factors of shape [3], not [2].');
});
