import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { swapMiddle } from './swapMiddle.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1, 1, 1, 1]], [[2, 3, 5, 7]], [[3, 4, 2, 8]]])('swapMiddle of %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => swapMiddle(x) });
});

test('other shapes are refused with a sentence', () => {
  expect(() => swapMiddle(new Graph().parameter('x', [2, 3]))).toThrow(
    'swapMiddle: four axes are needed, not shape [2, 3]; reshape it first.',
  );
});
