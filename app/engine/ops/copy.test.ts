import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { checkOp } from '../testing.ts';
import { copy } from './copy.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[3, 5]]])('copy of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => copy(x) });
});
