import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  gather,
  Graph,
  mean,
  softmaxCrossEntropy,
  squaredError,
  sum,
  wasmBackend,
  accuracy,
  referenceBackend,
  compile,
  sgd,
} from '../index.ts';
import type { Tensor } from '../index.ts';
import { checkOp, drawArguments, expectClose, runOp, type OpCase } from '../testing.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');
const backends = [referenceBackend(), wasmBackend(kernels)];

/** Row i of the first argument occurs counts[i] times. */
const counts = [3, 1, 2, 5];
const repeated = counts.flatMap((count, row) => Array.from({ length: count }, () => row));
const labels = [4, 0, 2, 6];

type Weighted = (tensors: readonly Tensor[], graph: Graph, weights?: Tensor) => Tensor;
const ops: readonly (readonly [string, number, Weighted])[] = [
  ['sum', 1, ([x], _graph, weights) => sum(x, weights)],
  ['mean', 1, ([x], _graph, weights) => mean(x, weights)],
  ['squaredError', 2, ([x, y], _graph, weights) => squaredError(x, y, weights)],
  [
    'softmaxCrossEntropy',
    1,
    ([x], graph, weights) => softmaxCrossEntropy(x, graph.indices(weights ? labels : repeated.map((row) => labels[row]), 7), weights),
  ],
];

describe.each(ops)('%s with weights', (_name, count, op) => {
  const inputs = Array.from({ length: count }, () => [4, 7]);
  const weighted: OpCase = { inputs, build: (tensors, graph) => op(tensors, graph, graph.constant(counts, [4])) };

  test('has the gradients of its definition and kernels that agree', () => checkOp(kernels, weighted));

  test.each(backends)('counts rows like as many copies of them ($name)', (backend) => {
    const copies: OpCase = {
      inputs,
      build: (tensors, graph) => {
        const rows = graph.indices(repeated, 4);
        return op(
          tensors.map((tensor) => gather(tensor, rows)),
          graph,
        );
      },
    };
    const given = drawArguments(weighted);
    const [actual, expected] = [weighted, copies].map((opCase) => runOp(backend, 'f64', opCase, given));
    expectClose(actual.value, expected.value, 1e-14, 'value');
    actual.gradients.forEach((gradient, index) => expectClose(gradient, expected.gradients[index], 1e-14, `gradient ${index}`));
  });
});

test.each(backends)('accuracy with weights is a fraction of the counts ($name)', (backend) => {
  const graph = new Graph();
  const z = graph.parameter('z', [4, 7]);
  const outputs = { accuracy: accuracy(z, graph.indices(labels, 7), graph.constant(counts, [4])) };
  const session = backend.open(
    compile({
      graph,
      precision: 'f32',
      loss: sum(z),
      trainOutputs: {},
      evaluations: { now: outputs },
      optimizer: sgd({ learningRate: 0 }),
    }),
  );
  const right = (rows: readonly number[]): Float64Array => {
    const values = new Float64Array(28).fill(-1);
    labels.forEach((label, row) => (values[row * 7 + (rows.includes(row) ? label : (label + 1) % 7)] = 1));
    return values;
  };
  for (const [rows, expected] of [
    [[], 0],
    [[0, 3], 8 / 11],
    [[1], 1 / 11],
    [[0, 1, 2, 3], 1],
  ] as const) {
    session.write('z', right(rows));
    expect(session.evaluate('now').accuracy).toBe(Math.fround(expected));
  }
});

test('weights that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [2, 3]);
  const weights = (values: number[]) => graph.constant(values, [values.length]);
  expect(() => mean(x, weights([1]))).toThrow('mean: the weights of 2 rows must be a constant of shape [2], not [1].');
  expect(() => mean(x, graph.parameter('w', [2]))).toThrow('must be a constant of shape [2], not parameter.');
  expect(() => sum(x, weights([1, -1]))).toThrow('sum: weights must be finite and not negative, and one must be above zero.');
  expect(() => sum(x, weights([0, 0]))).toThrow('one must be above zero');
  expect(() => mean(sum(x), weights([1]))).toThrow('mean: a scalar has no rows to be weighted.');
});
