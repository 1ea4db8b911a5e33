import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { compile, Graph, referenceBackend, sgd, wasmBackend } from '../index.ts';
import { checkOp } from '../testing.ts';
import { halfLogSquaredError } from './halfLogSquaredError.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([[[]], [[5]], [[3, 7]], [[70, 9]]])('halfLogSquaredError of shape %j', (shape) => {
  checkOp(kernels, { inputs: [shape, shape], build: ([a, b]) => halfLogSquaredError(a, b) });
});

/** Losses of the numbers against 0, one at a time, on both backends. */
function losses(numbers: readonly number[], precision: 'f32' | 'f64'): number[][] {
  return [referenceBackend(), wasmBackend(kernels)].map((backend) => {
    const graph = new Graph();
    const x = graph.parameter('x', []);
    const loss = halfLogSquaredError(x, graph.constant([0], []));
    const session = backend.open(compile({ graph, precision, loss, trainOutputs: { loss }, optimizer: sgd({ learningRate: 0 }) }));
    return numbers.map((number) => {
      session.write('x', [number]);
      session.run(1);
      return session.trainOutputs().loss;
    });
  });
}

test('tiny and huge errors keep their relative accuracy', () => {
  const numbers = [1e-12, 3e-9, 2e-5, 0.3, 0.99, 1, 1.7, 40, 1e6, 7e12, 2e18];
  for (const [precision, tolerance] of [
    ['f64', 5e-16],
    ['f32', 3e-7],
  ] as const) {
    const given = precision === 'f32' ? numbers.map(Math.fround) : numbers;
    const [, actual] = losses(given, precision);
    given.forEach((x, i) => expect(Math.abs(actual[i] / (Math.log1p(x * x) / 2) - 1), `${x}`).toBeLessThan(tolerance));
  }
});

test('NaN and infinite errors are not hidden', () => {
  for (const precision of ['f32', 'f64'] as const) {
    for (const actual of losses([NaN, Infinity, -Infinity], precision)) expect(actual).toEqual([NaN, Infinity, Infinity]);
  }
});

test('shapes that differ are refused with a sentence', () => {
  const graph = new Graph();
  expect(() => halfLogSquaredError(graph.parameter('a', [2]), graph.parameter('b', [3]))).toThrow(
    'halfLogSquaredError: shapes [2] and [3] must be equal.',
  );
});
