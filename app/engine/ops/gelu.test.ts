import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { checkOp } from '../testing.ts';
import { gelu } from './gelu.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[1]], [[4, 4]], [[5, 7]], [[]]])('gelu of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => gelu(x) });
});
