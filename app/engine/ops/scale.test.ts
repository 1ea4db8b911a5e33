import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { Graph } from '../graph.ts';
import { scale } from './scale.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([-1.5, 0, 1e-3])('scale by %f', (factor) => {
  const inputs = [[3, 7]];
  checkOp(kernels, { inputs, build: ([x]) => scale(x, factor) });
});

test('a factor that is no finite number is refused', () => {
  expect(() => scale(new Graph().parameter('x', [1]), NaN)).toThrow('the factor must be a finite number, not NaN');
});
