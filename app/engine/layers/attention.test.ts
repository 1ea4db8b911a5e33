import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { attention, compile, Graph, referenceBackend, sgd, sum, wasmBackend } from '../index.ts';
import { checkOp } from '../testing.ts';

const kernels = readFileSync('dist/kernels/kernels.wasm');

test.each([
  { count: 1, length: 1, heads: 1, width: 1, causal: false },
  { count: 2, length: 3, heads: 2, width: 6, causal: true },
  { count: 3, length: 5, heads: 1, width: 4, causal: true },
  { count: 5, length: 2, heads: 4, width: 8, causal: false },
])('attention of %j', ({ count, width, ...options }) => {
  const shape = [count * options.length, width];
  checkOp(kernels, { inputs: [shape, shape, shape], build: ([q, k, v]) => attention(q, k, v, options) });
});

test('causal attention sees nothing to come', () => {
  const [length, width] = [4, 6];
  for (const backend of [referenceBackend(), wasmBackend(kernels)]) {
    const graph = new Graph();
    const [q, k, v] = ['q', 'k', 'v'].map((name) => graph.parameter(name, [length, width]));
    const mixed = attention(q, k, v, { length, heads: 2, causal: true });
    const results = { now: { mixed } };
    const program = compile({ graph, precision: 'f64', loss: sum(mixed), trainOutputs: {}, results, optimizer: sgd({ learningRate: 0 }) });
    const session = backend.open(program);
    for (const [index, name] of ['q', 'k', 'v'].entries())
      session.write(
        name,
        Float64Array.from({ length: length * width }, (_, i) => Math.cos(1 + i * (index + 1))),
      );
    const rows = (): number[] => {
      session.evaluate('now');
      return [...session.read('results/mixed')];
    };
    const before = rows();
    for (const name of ['k', 'v'])
      session.write(
        name,
        session.read(name).map((value, i) => (i < 2 * width ? value : value + 1)),
      );
    const after = rows();
    expect(after.slice(0, 2 * width)).toEqual(before.slice(0, 2 * width));
    expect(after.slice(2 * width)).not.toEqual(before.slice(2 * width));
  }
});

test('sizes that do not fit are refused with a sentence', () => {
  const graph = new Graph();
  const q = graph.parameter('q', [6, 4]);
  expect(() => attention(q, q, q, { length: 4, heads: 2 })).toThrow('attention: 6 rows are not whole sequences of 4 positions.');
  expect(() => attention(q, q, q, { length: 3, heads: 3 })).toThrow('attention: 3 heads cannot share the columns of shape [6, 4] evenly.');
  expect(() => attention(q, graph.parameter('k', [6, 5]), q, { length: 3, heads: 2 })).toThrow(
    'attention: shapes [6, 4] and [6, 5] must be equal.',
  );
});
