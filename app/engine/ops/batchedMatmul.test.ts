import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph } from '../graph.ts';
import { checkOp } from '../testing.ts';
import { batchedMatmul } from './batchedMatmul.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

const sizes = [
  [1, 1, 1, 1],
  [3, 5, 9, 7],
  [2, 4, 8, 3],
  [2, 3, 2, 130],
] as const;

for (const options of [{}, { transposeA: true }, { transposeB: true }]) {
  test.each(sizes)(`batchedMatmul ${JSON.stringify(options)}: %i of sizes %i, %i, %i`, (count, m, n, k) => {
    const { transposeA = false, transposeB = false } = options as { transposeA?: boolean; transposeB?: boolean };
    const inputs = [transposeA ? [count, k, m] : [count, m, k], transposeB ? [count, n, k] : [count, k, n]];
    checkOp(kernels, { inputs, build: ([a, b]) => batchedMatmul(a, b, options) });
  });
}

test('sizes that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  const a = graph.parameter('a', [2, 3, 4]);
  const b = graph.parameter('b', [2, 5, 4]);
  expect(() => batchedMatmul(a, b)).toThrow('batchedMatmul: the inner sizes 4 and 5 differ (a is [2, 3, 4], b is [2, 5, 4]).');
  expect(() => batchedMatmul(a, graph.parameter('c', [3, 4, 1]))).toThrow('both factors must be as many matrices');
  expect(() => batchedMatmul(a, b, { transposeA: true, transposeB: true })).toThrow('transpose one factor only');
});
