import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { checkOp } from '../testing.ts';
import { tanh } from './tanh.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[4, 4]], [[5, 7]], [[]]])('tanh of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => tanh(x) });
});
