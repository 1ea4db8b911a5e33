import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { Graph } from '../graph.ts';
import { matmul } from './matmul.ts';
import { reshape } from './reshape.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test('reshape keeps the row-major order', () => {
  const inputs = [[3, 8]];
  checkOp(kernels, { inputs, build: ([x]) => reshape(x, [4, 6]) });
});

test('a reshaped result is a view of its memory', () => {
  checkOp(kernels, {
    inputs: [
      [2, 6],
      [4, 3],
    ],
    build: ([x, y]) => matmul(reshape(matmul(reshape(x, [3, 4]), y), [9, 1]), reshape(y, [1, 12])),
  });
});

test('another number of elements is refused with a sentence', () => {
  expect(() => reshape(new Graph().parameter('x', [3, 8]), [5, 5])).toThrow('reshape: [3, 8] holds 24 numbers, [5, 5] would hold 25.');
});
