import { stream } from '#app/numerics/random.ts';
import fc from 'fast-check';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addBias, gather, Graph, matmul, referenceBackend, wasmBackend, type Indices, type Tensor } from '../index.ts';
import { checkOp, drawArguments, expectClose, runOp, type OpCase } from '../testing.ts';
import { sparseMatmul, sparseRows } from './sparseMatmul.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');
const backends = [referenceBackend(), wasmBackend(kernels)];

const plans = fc.record({
  rows: fc.integer({ min: 1, max: 12 }),
  width: fc.integer({ min: 1, max: 30 }),
  // Up to three panels in f32, six in f64.
  columns: fc.integer({ min: 1, max: 50 }),
  density: fc.double({ min: 0.05, max: 1, noNaN: true }),
  batch: fc.option(fc.integer({ min: 1, max: 25 })),
  period: fc.integer({ min: 1, max: 3 }),
  seed: fc.nat(999),
});

function cases({
  rows,
  width,
  columns,
  density,
  batch,
  period,
  seed,
}: typeof plans extends fc.Arbitrary<infer P> ? P : never): [OpCase, OpCase] {
  const random = stream(seed, 'sparse');
  const data = Array.from({ length: rows * width }, (_, at) => (at === 0 || random.uniform() < density ? Math.fround(random.normal()) : 0));
  const lists = batch === null ? [] : Array.from({ length: batch * period }, () => random.below(rows));
  const inputs = [[width, columns], [columns]];
  const chosen = (graph: Graph): Indices | undefined => (batch === null ? undefined : graph.batches(lists, batch, rows));
  const constant = (graph: Graph): Tensor => graph.constant(data, [rows, width]);
  return [
    { inputs, build: ([b, bias], graph) => addBias(sparseMatmul(sparseRows(constant(graph))!, chosen(graph), b), bias) },
    {
      inputs,
      build: ([b, bias], graph) => {
        const list = chosen(graph);
        return addBias(matmul(list ? gather(constant(graph), list) : constant(graph), b), bias);
      },
    },
  ];
}

test.each(backends)('is the dense product, with its gradient ($name)', (backend) => {
  fc.assert(
    fc.property(plans, (plan) => {
      const [sparse, dense] = cases(plan);
      const given = drawArguments(sparse);
      for (const [precision, tolerance] of [
        ['f64', 1e-14],
        ['f32', 3e-6],
      ] as const) {
        const [actual, expected] = [sparse, dense].map((opCase) => runOp(backend, precision, opCase, given));
        expectClose(actual.value, expected.value, tolerance, `value in ${precision}`);
        actual.gradients.forEach((gradient, index) => expectClose(gradient, expected.gradients[index], tolerance, `gradient ${index}`));
      }
    }),
    { numRuns: 80 },
  );
});

test('has the gradient of its definition', () => {
  const [sparse] = cases({ rows: 6, width: 9, columns: 21, density: 0.3, batch: 7, period: 1, seed: 1 });
  checkOp(kernels, sparse);
});

test('rows of the weights that meet zeros only have a gradient of exactly zero', () => {
  const opCase: OpCase = {
    inputs: [[3, 2]],
    build: ([b], graph) => sparseMatmul(sparseRows(graph.constant([1, 0, 2, 0, 0, 3], [2, 3]))!, undefined, b),
  };
  for (const backend of backends) {
    const [gradient] = runOp(backend, 'f32', opCase, drawArguments(opCase)).gradients;
    expect([...gradient.subarray(2, 4)]).toEqual([0, 0]);
  }
});

test('sizes that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  const x = sparseRows(graph.constant([1, 0, 2, 0], [2, 2]))!;
  expect(() => sparseMatmul(x, undefined, graph.parameter('b', [3, 1]))).toThrow(
    'sparseMatmul: a [2, 2] matrix cannot be multiplied by one of shape [3, 1].',
  );
  expect(() => sparseMatmul(x, graph.indices([0], 3), graph.parameter('c', [2, 1]))).toThrow(
    'sparseMatmul: the indices are for 3 rows, but the matrix has 2.',
  );
});
