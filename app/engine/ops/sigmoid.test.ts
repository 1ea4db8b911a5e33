import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { checkOp } from '../testing.ts';
import { sigmoid } from './sigmoid.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[4, 4]], [[5, 7]], [[]]])('sigmoid of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => sigmoid(x) });
});
