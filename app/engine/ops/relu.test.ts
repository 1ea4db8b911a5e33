import type { RandomStream } from '#app/numerics/random.ts';
import { readFileSync } from 'node:fs';
import { test } from 'vitest';
import { checkOp } from '../testing.ts';
import { relu } from './relu.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

// Central differences want inputs away from the kink.
const draw = (random: RandomStream): number => (random.uniform() < 0.5 ? -1 : 1) * (0.01 + random.uniform());

test.each([[[1]], [[4, 4]], [[5, 7]], [[]]])('relu of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape], build: ([x]) => relu(x), draw });
});
