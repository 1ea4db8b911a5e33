import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  attention,
  batchTopK,
  compile,
  gelu,
  Graph,
  halfLogSquaredError,
  layerNorm,
  matmul,
  mean,
  referenceBackend,
  scaleColumns,
  sgd,
  softmax,
  stableMaxCrossEntropy,
  sumColumns,
  topK,
  TransformerBlock,
  unroll,
  wasmBackend,
  type Tensor,
} from './index.ts';

// The trainer halts a run whose loss is not finite, so no op may swallow what is not a number.

const backends = [wasmBackend(readFileSync('dist/kernels/kernels.wasm')), referenceBackend()];

const models: Record<string, (x: Tensor, graph: Graph) => Tensor> = {
  softmax: (x) => mean(softmax(x)),
  'causal softmax': (x) => mean(softmax(x, { causal: true })),
  layerNorm: (x, graph) => mean(layerNorm(x, graph.constant([1, 1, 1, 1], [4]), graph.constant([0, 0, 0, 0], [4]))),
  topK: (x) => mean(topK(x, 1)),
  batchTopK: (x) => mean(batchTopK(x, 1)),
  attention: (x) => mean(attention(x, x, x, { length: 4, heads: 2 })),
  'causal attention': (x) => mean(attention(x, x, x, { length: 2, heads: 1, causal: true })),
  halfLogSquaredError: (x, graph) => halfLogSquaredError(x, graph.constant(new Float64Array(16), [4, 4])),
  stableMaxCrossEntropy: (x, graph) => stableMaxCrossEntropy(x, graph.indices([0, 1, 2, 3], 4)),
  'sums and scales': (x, graph) => mean(sumColumns(scaleColumns(x, graph.constant([1, 0, 2, 3], [4])))),
  unroll: (x) => mean(unroll([x, x], x, (h, input) => matmul(h, gelu(input)))[1]),
};

describe.each(backends)('on $name', (backend) => {
  test.each(Object.keys(models))('a NaN that enters %s comes out of the loss', (name) => {
    for (const precision of ['f32', 'f64'] as const) {
      for (const place of [0, 5, 15]) {
        const graph = new Graph();
        const loss = models[name](graph.parameter('x', [4, 4]), graph);
        const options = { graph, precision, loss, trainOutputs: { loss }, optimizer: sgd({ learningRate: 1 }) };
        const session = backend.open(compile(options));
        session.write(
          'x',
          Float64Array.from({ length: 16 }, (_, i) => (i === place ? NaN : Math.cos(i))),
        );
        session.run(1);
        expect(session.trainOutputs().loss, `${precision}, element ${place}`).toBeNaN();
      }
    }
  });

  test('a transformer that overflows reports a loss that is not finite', () => {
    const graph = new Graph();
    const block = new TransformerBlock(graph, 'block', { width: 4, hidden: 8, heads: 2, length: 2 });
    const loss = mean(block.apply(graph.parameter('x', [4, 4])));
    const options = { graph, precision: 'f32', loss, trainOutputs: { loss }, optimizer: sgd({ learningRate: 1e30 }) } as const;
    const session = backend.open(compile(options));
    for (const { name, size } of session.info.parameters)
      session.write(
        name,
        Float64Array.from({ length: size }, (_, i) => Math.sin(i + 1)),
      );
    session.run(4);
    expect(Number.isFinite(session.trainOutputs().loss)).toBe(false);
  });
});
