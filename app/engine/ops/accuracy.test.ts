import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { compile, Graph, referenceBackend, sgd, sum, wasmBackend } from '../index.ts';
import { accuracy } from './accuracy.ts';

const backends = [referenceBackend(), wasmBackend(readFileSync('dist/kernels/kernels.wasm'))];

function accuracies(logits: number[], labels: number[], classes: number): number[] {
  return backends.map((backend) => {
    const graph = new Graph();
    const z = graph.parameter('z', [labels.length, classes]);
    const outputs = { accuracy: accuracy(z, graph.indices(labels, classes)) };
    const options = { graph, precision: 'f64', loss: sum(z), trainOutputs: {}, evaluations: { now: outputs } } as const;
    const session = backend.open(compile({ ...options, optimizer: sgd({ learningRate: 0 }) }));
    session.write('z', logits);
    return session.evaluate('now').accuracy;
  });
}

test('accuracy counts rows whose first largest logit is at the label', () => {
  const value = fc.constantFrom(-1, 0, 1, 2, NaN, -Infinity, Infinity);
  const table = fc.integer({ min: 1, max: 9 }).chain((classes) =>
    fc.integer({ min: 1, max: 6 }).chain((rows) =>
      fc.record({
        classes: fc.constant(classes),
        logits: fc.array(value, { minLength: rows * classes, maxLength: rows * classes }),
        labels: fc.array(fc.nat(classes - 1), { minLength: rows, maxLength: rows }),
      }),
    ),
  );
  fc.assert(
    fc.property(table, ({ classes, logits, labels }) => {
      const right = labels.filter((label, row) => {
        const numbers = logits.slice(row * classes, (row + 1) * classes);
        return numbers.indexOf(Math.max(...numbers.filter((x) => !Number.isNaN(x)))) === label;
      });
      for (const actual of accuracies(logits, labels, classes)) expect(actual).toBe(right.length / labels.length);
    }),
  );
});

test('accuracy cannot be the loss', () => {
  const graph = new Graph();
  const loss = accuracy(graph.parameter('z', [1, 2]), graph.indices([0], 2));
  expect(() => compile({ graph, precision: 'f64', loss, trainOutputs: {}, optimizer: sgd({ learningRate: 1 }) })).toThrow(
    'The loss depends on parameters through accuracy ([1, 2] to []), which is not differentiable: use a differentiable op there',
  );
});
