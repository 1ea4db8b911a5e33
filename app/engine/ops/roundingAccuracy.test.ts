import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile, Graph, referenceBackend, sgd, sum, wasmBackend } from '../index.ts';
import { roundingAccuracy } from './roundingAccuracy.ts';

const backends = [referenceBackend(), wasmBackend(readFileSync('dist/kernels/kernels.wasm'))];

test.each(['f32', 'f64'] as const)('counts what rounds to the target, halves to even, NaN never, %s', (precision) => {
  const cases = [
    [0.4, 0],
    [0.5, 0],
    [1.5, 2],
    [2.5, 2],
    [-0.5, 0],
    [-1.5, -2],
    [99.6, 100],
    [NaN, 0],
    [0.51, 0],
    [2.5, 3],
  ];
  for (const backend of backends) {
    const graph = new Graph();
    const x = graph.parameter('x', [cases.length]);
    const right = roundingAccuracy(
      x,
      graph.constant(
        cases.map(([, target]) => target),
        [cases.length],
      ),
    );
    const options = { graph, precision, loss: sum(x), trainOutputs: { right }, optimizer: sgd({ learningRate: 0 }) };
    const session = backend.open(compile(options));
    session.write(
      'x',
      cases.map(([value]) => value),
    );
    session.run(1);
    expect(session.trainOutputs().right).toBeCloseTo(0.7, 7);
  }
});

test('shapes that differ are refused with a sentence', () => {
  const graph = new Graph();
  expect(() => roundingAccuracy(graph.parameter('a', [2]), graph.parameter('b', [3]))).toThrow(
    'roundingAccuracy: shapes [2] and [3] must be equal.',
  );
});
