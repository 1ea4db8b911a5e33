import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { sumRows } from './sumRows.ts';
import { Graph } from '../graph.ts';
import { compile, multiply, referenceBackend, sgd, sum, wasmBackend } from '../index.ts';
import { expectClose } from '../testing.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 3],
  [65, 17],
  [200, 35],
])('sumRows of %i x %i on both backends', (rows, columns) => {
  const values = Float64Array.from({ length: rows * columns }, (_, i) => Math.sin(i));
  const sums = Array.from({ length: columns }, (_, j) => values.filter((_, i) => i % columns === j).reduce((a, b) => a + b));
  for (const backend of [referenceBackend(), wasmBackend(kernels)]) {
    const graph = new Graph();
    const probe = graph.parameter('probe', [columns]);
    const loss = sum(multiply(sumRows(graph.constant(values, [rows, columns])), probe));
    const session = backend.open(compile({ graph, precision: 'f64', loss, trainOutputs: {}, optimizer: sgd({ learningRate: 0 }) }));
    session.run(1);
    expectClose(session.read('gradient/probe'), sums, 1e-13, backend.name);
  }
});

test('only matrices have rows', () => {
  expect(() => sumRows(new Graph().parameter('x', [2]))).toThrow('sumRows: the argument must be a matrix, not of shape [2].');
});
