import { expect, test } from 'vitest';
import { add, compile, gather, Graph, mean, multiply, referenceBackend, scale, sgd, silu, tanh, type Tensor } from '../index.ts';

function names(build: (graph: Graph, w: Tensor) => Tensor, precision: 'f32' | 'f64' = 'f64'): string[] {
  const graph = new Graph();
  const loss = build(graph, graph.parameter('w', [2, 2]));
  const optimizer = sgd({ learningRate: 0 });
  const compiled = compile({ graph, precision, loss, trainOutputs: {}, evaluations: { now: { loss } }, optimizer });
  return compiled.evaluations.get('now')!.steps.map(({ operation }) => operation.name);
}

const constant = (graph: Graph, ...values: number[]): Tensor => graph.constant(values, [values.length / 2, 2]);

test('exact operations on constants are done before training', () => {
  const folded = names((graph, w) => {
    const [a, b] = [constant(graph, 1, 2, 3, 4), constant(graph, 5, 6, 7, 8)];
    return mean(add(w, multiply(scale(a, 0.5), gather(add(a, b), graph.indices([1, 0], 2)))));
  });
  expect(folded).toEqual(['add', 'mean']);
});

test('they are rounded as a backend would', () => {
  const graph = new Graph();
  const loss = mean(add(graph.parameter('w', [1, 2]), add(constant(graph, 0.1, 0.2), constant(graph, 0.7, 1e-9))));
  const sessions = [true, false].map((constants) => {
    const options = { graph, precision: 'f32', loss, trainOutputs: {}, evaluations: { now: { loss } }, passes: { constants } } as const;
    return referenceBackend().open(compile({ ...options, optimizer: sgd({ learningRate: 0 }) }));
  });
  expect(sessions[0].evaluate('now')).toEqual(sessions[1].evaluate('now'));
});

test('what depends on the host, on the step or takes more memory is left for training', () => {
  expect(names((graph, w) => mean(add(w, silu(constant(graph, 1, 2, 3, 4)))))).toContain('silu');
  expect(names((graph, w) => mean(add(w, scale(constant(graph, 1, 2, 3, 4), 0.1))), 'f32')).toContain('scale');
  expect(names((graph, w) => mean(add(w, gather(constant(graph, 1, 2, 3, 4), graph.batches([0, 1, 1, 0], 2, 2)))))).toContain('gather');
  const twice = (graph: Graph) => gather(constant(graph, 1, 2), graph.indices([0, 0], 1));
  expect(names((graph, w) => mean(tanh(add(w, twice(graph)))))).toContain('gather');
});
