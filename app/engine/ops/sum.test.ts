import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { checkOp } from '../testing.ts';
import { sum } from './sum.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[3, 5]], [[1031]]])('sum of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => sum(x) });
});
