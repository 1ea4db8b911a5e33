import { expect, test } from 'vitest';
import { add, gather, Graph, matmul, relu, scale, silu, sum, tanh } from '../index.ts';
import { Identity } from './identity.ts';
import { readInParts, rewrite } from './rewrite.ts';
import { tables } from './tables.ts';

test('what does not depend on a substitute stays the same object', () => {
  const graph = new Graph();
  const w = graph.parameter('w', [2, 2]);
  const kept = tanh(w);
  const changed = relu(w);
  const root = add(matmul(kept, changed), kept);
  const became = rewrite([root], (tensor) => (tensor === changed ? scale(w, 2) : undefined));
  expect(became.get(w)).toBe(w);
  expect(became.get(kept)).toBe(kept);
  const product = became.get(root)!.operation.inputs[0];
  expect(product.operation.inputs.map(({ operation }) => operation.name)).toEqual(['tanh', 'scale']);
  expect(product.operation.inputs[0]).toBe(kept);
});

test('an operation that cannot be applied again is named', () => {
  const graph = new Graph();
  const w = graph.parameter('w', [2]);
  const odd = graph.apply({ name: 'odd', inputs: [w], shape: [2], flops: 0, evaluate: () => undefined });
  expect(rewrite([odd], () => undefined).get(odd)).toBe(odd);
  expect(() => rewrite([odd], (tensor) => (tensor === w ? scale(w, 2) : undefined))).toThrow(
    'Operation odd cannot be applied to other inputs',
  );
});

test('nothing stands for an operation of which an auxiliary result is read', () => {
  const graph = new Graph();
  const rows = gather(graph.parameter('table', [2, 3]), graph.indices([0, 1, 1, 0, 1], 2));
  const [free, held] = [silu(rows), silu(rows)];
  const roots = [sum(free), sum(add(held, held.auxiliary(0)))];
  expect([...readInParts(roots)]).toEqual([held]);
  const { became } = tables(roots);
  expect(became.get(free)!.operation.name).toBe('gather');
  expect(became.get(held)).toBe(held);
});

test('identity goes by name, settings, content of indices and constants, and inputs', () => {
  const graph = new Graph();
  const identity = new Identity();
  const w = graph.parameter('w', [2, 2]);
  const first = scale(w, 2);
  expect(identity.canonical(first)).toBe(first);
  expect(identity.canonical(scale(w, 2))).toBe(first);
  for (const other of [scale(w, 3), scale(graph.parameter('v', [2, 2]), 2), relu(w)]) expect(identity.canonical(other)).toBe(other);
  const [one, same, zero, negative] = [[1], [1], [0], [-0]].map((values) => identity.canonical(graph.constant(values, [1])));
  expect(same).toBe(one);
  expect(negative).not.toBe(zero);
  expect(identity.canonical(graph.constant([1], []))).not.toBe(one);
});
