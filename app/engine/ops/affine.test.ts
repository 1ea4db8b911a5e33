import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { affine } from './affine.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[]], [[5]], [[3, 7]]])('affine of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => affine(x, -2.5, 3) });
});

test('numbers that are not finite are refused with a sentence', () => {
  const x = new Graph().parameter('x', [2]);
  expect(() => affine(x, NaN, 1)).toThrow('affine: factor and offset must be finite numbers, not NaN and 1.');
});
