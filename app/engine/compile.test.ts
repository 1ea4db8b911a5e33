import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import {
  add,
  addBias,
  compile,
  engineBuild,
  gather,
  Graph,
  matmul,
  mean,
  norm,
  reshape,
  scale,
  sgd,
  silu,
  sum,
  type Tensor,
} from './index.ts';

const optimizer = sgd({ learningRate: 0.1 });

function program(graph: Graph, loss: Tensor, trainOutputs: Record<string, Tensor> = {}, fusion = true) {
  return compile({ graph, precision: 'f32', loss, trainOutputs, optimizer, passes: { fusion } });
}

const names = (compiled: ReturnType<typeof program>): string[] => compiled.train.steps.map(({ operation }) => operation.name);

describe('compile', () => {
  test('what nothing reads is not computed', () => {
    const graph = new Graph();
    const x = graph.parameter('x', [3, 4]);
    silu(matmul(x, graph.constant(new Float64Array(8), [4, 2])));
    expect(names(program(graph, sum(x)))).toEqual(['fill']);
    expect(names(program(graph, sum(x), { norm: norm([x]) }))).toEqual(['norm', 'fill']);
  });

  test('a frozen table gets no gradient work', () => {
    const steps = (trainable: boolean): string[] => {
      const graph = new Graph();
      const table = graph.parameter('table', [3, 4], { trainable });
      const rows = gather(table, graph.indices([0, 2, 2], 3));
      return names(program(graph, mean(matmul(rows, graph.parameter('w', [4, 2])))));
    };
    expect(steps(true)).toContain('sumGathered');
    expect(steps(false)).not.toContain('sumGathered');
    expect(steps(false).filter((name) => name === 'matmul')).toHaveLength(1);
  });

  test('a bias is added by the product, unless the product is needed by itself', () => {
    const make = (alone: boolean): string[] => {
      const graph = new Graph();
      const product = matmul(graph.parameter('x', [3, 4]), graph.parameter('w', [4, 2]));
      const sums = sum(addBias(product, graph.parameter('b', [2])));
      const loss = alone ? add(sums, mean(product)) : sums;
      return names(program(graph, loss, { loss }));
    };
    expect(make(false)).not.toContain('addBias');
    expect(make(true)).toContain('addBias');
  });

  test('activations share memory', () => {
    const arena = (depth: number): number => {
      const graph = new Graph();
      const x = graph.parameter('x', [1]);
      let y = gather(reshape(x, [1, 1]), graph.indices(new Int32Array(10000), 1));
      for (let i = 0; i < depth; i++) y = scale(y, 2);
      return program(graph, mean(y)).info.arenaBytes;
    };
    expect(arena(40)).toBeLessThan(arena(2) + 40000);
  });

  test('without sharing every result has a block of its own', () => {
    const arena = (inPlace: boolean): number => {
      const graph = new Graph();
      let y = graph.parameter('x', [1000]);
      for (let i = 0; i < 10; i++) y = scale(y, 2);
      return compile({ graph, precision: 'f32', loss: mean(y), trainOutputs: {}, optimizer, passes: { inPlace } }).info.arenaBytes;
    };
    expect(arena(false)).toBeGreaterThan(arena(true) + 8 * 4000);
  });

  test('says what is known before anything runs', () => {
    const graph = new Graph();
    const x = graph.constant(new Float64Array(6), [2, 3]);
    const w = graph.parameter('w', [3, 5], { group: 'weights' });
    const loss = mean(matmul(x, w));
    const { info } = compile({
      graph,
      precision: 'f64',
      loss,
      trainOutputs: { loss },
      evaluations: { twice: { double: scale(loss, 2) } },
      optimizer,
    });
    expect(info).toMatchObject({
      precision: 'f64',
      parameters: [{ name: 'w', shape: [3, 5], size: 15, trainable: true, group: 'weights' }],
      trainOutputs: ['loss'],
      evaluations: { twice: ['double'] },
      stateBytes: 15 * 8,
      // Forward 2*2*3*5 and mean 10, gradient 2*2*3*5, update 6 a parameter.
      plainFlopsPerStep: 60 + 10 + 60 + 90,
    });
  });

  test('one tensor may be several outputs and gradients', () => {
    const graph = new Graph();
    const a = graph.parameter('a', [2]);
    const b = graph.parameter('b', [2]);
    const loss = sum(add(a, b));
    expect(() => program(graph, loss, { loss, again: loss })).not.toThrow();
  });

  test('mistakes are named in a sentence', () => {
    const graph = new Graph();
    const x = graph.parameter('x', [3]);
    expect(() => program(graph, x)).toThrow('The loss must be a scalar, not of shape [3].');
    expect(() => program(graph, sum(x), { x })).toThrow('Output "x" of trainOutputs must be a scalar, not of shape [3].');
    expect(() => program(graph, norm([x]))).toThrow(
      'The loss depends on parameters through norm ([3] to []), which is not differentiable: use a differentiable op there, or report it as an output only.',
    );
    graph.parameter('idle', [1]);
    expect(() => program(graph, sum(x))).toThrow(
      'Parameter "idle" does not influence the loss; use it, or declare it with trainable: false.',
    );
    expect(() => graph.parameter('x', [1])).toThrow('Parameter "x" is declared twice');
    expect(() => graph.parameter('a/b', [1])).toThrow('must be non-empty and without "/"');
    expect(() => graph.parameter('z', [0])).toThrow('each a positive whole number');
    expect(() => graph.constant([1, 2], [3])).toThrow('A constant of shape [3] needs 3 values, not 2.');
    expect(() => add(x, new Graph().parameter('x', [3]))).toThrow('its inputs belong to different graphs');
  });

  test('a network beyond the address space is refused', () => {
    const graph = new Graph();
    const x = graph.parameter('x', [30000, 30000]);
    expect(() => program(graph, sum(x))).toThrow('the engine can use 2 GiB');
  });
});

test('engineBuild is FNV-1a of the bytes', () => {
  expect(engineBuild(new Uint8Array())).toBe('cbf29ce484222325');
  expect(engineBuild(new TextEncoder().encode('foobar'))).toBe('85944171f73967e8');
  expect(engineBuild(readFileSync('dist/kernels/kernels.wasm'))).toMatch(/^[0-9a-f]{16}$/);
});
