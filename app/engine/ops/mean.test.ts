import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { checkOp } from '../testing.ts';
import { mean } from './mean.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[3, 5]], [[257]]])('mean of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => mean(x) });
});
