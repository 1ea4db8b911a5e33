import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile, Graph, referenceBackend, sgd, sum, wasmBackend } from '../index.ts';
import { norm } from './norm.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  ['f32', 1e-7],
  ['f64', 1e-15],
] as const)('norm of several tensors together, %s', (precision, tolerance) => {
  const values = [1, 7, 50].map((size, k) => Float64Array.from({ length: size }, (_, i) => Math.fround(Math.cos(3 * i + k))));
  const expected = Math.hypot(...values.flatMap((list) => [...list]));
  for (const backend of [referenceBackend(), wasmBackend(kernels)]) {
    const graph = new Graph();
    const tensors = values.map((list, k) => graph.parameter(`x${k}`, [list.length], { trainable: k === 0 }));
    const options = { graph, precision, loss: sum(tensors[0]), trainOutputs: { norm: norm(tensors) }, optimizer: sgd({ learningRate: 0 }) };
    const session = backend.open(compile(options));
    values.forEach((list, k) => session.write(`x${k}`, list));
    session.run(1);
    expect(Math.abs(session.trainOutputs().norm / expected - 1)).toBeLessThan(tolerance);
  }
});

test('norm of nothing is refused', () => {
  expect(() => norm([])).toThrow('norm: give at least one tensor.');
});
