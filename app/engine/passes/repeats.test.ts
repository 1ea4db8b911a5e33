import { expect, test } from 'vitest';
import { compile, concat, gather, Graph, matmul, mean, scale, sgd, tanh, type Tensor } from '../index.ts';

function names(build: (graph: Graph, w: Tensor) => Tensor): string[] {
  const graph = new Graph();
  const loss = build(graph, graph.parameter('w', [2, 2]));
  const optimizer = sgd({ learningRate: 0 });
  const compiled = compile({ graph, precision: 'f64', loss, trainOutputs: {}, evaluations: { now: { loss } }, optimizer });
  return compiled.evaluations.get('now')!.steps.map(({ operation }) => operation.name);
}

test('equal computations are done once', () => {
  const merged = names((graph, w) => {
    const [a, b] = [1, 2].map(() => matmul(w, graph.constant([1, 2, 3, 4], [2, 2])));
    return mean(concat([tanh(a), tanh(b)]));
  });
  expect(merged).toEqual(['matmul', 'tanh', 'concat', 'mean']);
  const apart = names((graph, w) =>
    mean(concat([scale(w, 2), scale(w, 3), gather(w, graph.indices([0, 1], 2)), gather(w, graph.indices([1, 0], 2))])),
  );
  expect(apart.filter((name) => name === 'scale' || name === 'gather')).toHaveLength(4);
});
