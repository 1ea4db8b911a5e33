import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { Graph, hessianVectorProduct, referenceBackend, wasmBackend } from '../index.ts';
import { checkOp, runOp } from '../testing.ts';
import { stableMaxCrossEntropy } from './stableMaxCrossEntropy.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  [1, 1],
  [16, 1],
  [4, 4],
  [5, 7],
  [16, 3],
  [9, 59],
])('stableMaxCrossEntropy of %i rows and %i classes', (rows, classes) => {
  const labels = Array.from({ length: rows }, (_, i) => (i * 5) % classes);
  const inputs = [[rows, classes]];
  checkOp(kernels, { inputs, build: ([z], graph) => stableMaxCrossEntropy(z, graph.indices(labels, classes)) });
});

test('a sure answer still has a gradient in f32, and NaN is not hidden', () => {
  const opCase = {
    inputs: [[1, 3]],
    build: ([z]: Parameters<typeof stableMaxCrossEntropy>[0][], graph: Graph) => stableMaxCrossEntropy(z, graph.indices([0], 3)),
  };
  for (const backend of [referenceBackend(), wasmBackend(kernels)]) {
    const at = (logits: number[]) =>
      runOp(backend, 'f32', opCase, { inputs: [Float64Array.from(logits)], upstream: Float64Array.of(1), shape: [] });
    expect(Math.abs(at([1000, 0, 0]).gradients[0][1])).toBeCloseTo(1 / 1003, 7);
    expect(at([1000, 0, 0]).value[0]).toBeCloseTo(Math.log(1003 / 1001), 6);
    expect(at([1, NaN, 0]).value[0]).toBeNaN();
  }
});

test('labels that do not fit, and a second derivative, are refused with a sentence', () => {
  const graph = new Graph();
  const z = graph.parameter('z', [2, 3]);
  expect(() => stableMaxCrossEntropy(z, graph.indices([0], 3))).toThrow('stableMaxCrossEntropy: 2 rows of logits need 2 labels, not 1');
  const loss = stableMaxCrossEntropy(z, graph.indices([0, 1], 3));
  expect(() => hessianVectorProduct(loss, [z], [z])).toThrow(
    'The derivative leads through stableMaxCrossEntropy of [2, 3], which cannot be differentiated twice; use an op there that can.',
  );
});
