import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { checkOp } from '../testing.ts';
import { accuracy, compile, Graph, referenceBackend, sgd, wasmBackend } from '../index.ts';
import { softmaxCrossEntropy } from './softmaxCrossEntropy.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

// 16 rows of 3 end exactly on a cache line, where a vector too far would hit the next tensor.
test.each([
  [1, 1],
  [16, 1],
  [4, 4],
  [5, 7],
  [16, 3],
  [9, 59],
])('softmaxCrossEntropy of %i rows and %i classes', (rows, classes) => {
  const labels = Array.from({ length: rows }, (_, i) => (i * 5) % classes);
  const inputs = [[rows, classes]];
  checkOp(kernels, { inputs, build: ([z], graph) => softmaxCrossEntropy(z, graph.indices(labels, classes)) });
});

function lossOf(logits: number[], label: number, precision: 'f32' | 'f64'): { losses: number[]; gradients: number[][] } {
  const open = [referenceBackend(), wasmBackend(kernels)].map((backend) => {
    const graph = new Graph();
    const z = graph.parameter('z', [1, logits.length]);
    const labels = graph.indices([label], logits.length);
    const loss = softmaxCrossEntropy(z, labels);
    const outputs = { loss, accuracy: accuracy(z, labels) };
    const session = backend.open(compile({ graph, precision, loss, trainOutputs: outputs, optimizer: sgd({ learningRate: 0 }) }));
    session.write('z', logits);
    session.run(1);
    return session;
  });
  return { losses: open.map((session) => session.trainOutputs().loss), gradients: open.map((session) => [...session.read('gradient/z')]) };
}

test.each(['f32', 'f64'] as const)('extreme logits neither overflow nor lose the loss, %s', (precision) => {
  for (const { logits, label, loss } of [
    { logits: [1000, 0, -1000], label: 1, loss: 1000 },
    { logits: [-5000, -5001, -9000], label: 0, loss: Math.log1p(Math.exp(-1)) },
    { logits: [0, -80, 1], label: 2, loss: Math.log1p(Math.exp(-1)) },
  ]) {
    const { losses, gradients } = lossOf(logits, label, precision);
    for (const actual of losses) expect(Math.abs(actual / loss - 1)).toBeLessThan(precision === 'f64' ? 1e-14 : 2e-7);
    for (const gradient of gradients) expect(Math.abs(gradient.reduce((a, b) => a + b))).toBeLessThan(1e-6);
  }
});

test('NaN logits give a NaN loss', () => {
  expect(lossOf([0, NaN, 1], 2, 'f32').losses).toEqual([NaN, NaN]);
  expect(lossOf([NaN, NaN, NaN, NaN, NaN], 2, 'f64').losses).toEqual([NaN, NaN]);
});

test('labels that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  const z = graph.parameter('z', [2, 3]);
  expect(() => softmaxCrossEntropy(z, graph.indices([0], 3))).toThrow('2 rows of logits need 2 labels, not 1');
  expect(() => softmaxCrossEntropy(z, graph.indices([0, 1], 4))).toThrow('labels of 4 classes do not fit 3 logits a row');
});
