import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { Graph } from '../graph.ts';
import { matmul } from './matmul.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

// Sizes on both sides of every tile: 5 or 6 rows, 2 vectors (8 or 4 columns), 35 rows and 128 terms a block; and rows that crowd the cache.
const sizes = [
  [1, 1, 1],
  [4, 8, 3],
  [5, 9, 7],
  [3, 13, 2],
  [7, 4, 130],
  [2, 18, 5],
  [6, 3, 257],
  [11, 17, 6],
  [37, 5, 130],
  [32, 256, 2],
] as const;
const forms = [{}, { transposeA: true }, { transposeB: true }];

for (const options of forms) {
  test.each(sizes)(`matmul ${JSON.stringify(options)} of sizes %i, %i, %i`, (m, n, k) => {
    const { transposeA = false, transposeB = false } = options as { transposeA?: boolean; transposeB?: boolean };
    const inputs = [transposeA ? [k, m] : [m, k], transposeB ? [n, k] : [k, n]];
    checkOp(kernels, { inputs, build: ([a, b]) => matmul(a, b, options) });
  });
}

test('a product used twice is differentiated through both factors', () => {
  checkOp(kernels, { inputs: [[5, 5]], build: ([a]) => matmul(a, matmul(a, a), { transposeB: true }) });
});

test('sizes that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  const a = graph.parameter('a', [2, 3]);
  const b = graph.parameter('b', [4, 5]);
  expect(() => matmul(a, b)).toThrow('matmul: in a b the inner sizes 3 and 4 differ (a is [2, 3], b is [4, 5]).');
  expect(() => matmul(a, a, { transposeA: true, transposeB: true })).toThrow('transpose one factor only');
  expect(() => matmul(a, graph.parameter('c', [3]))).toThrow('the right factor must be a matrix');
});
