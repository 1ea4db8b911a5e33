import { stream } from '#app/numerics/random.ts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { adamw, addBias, compile, gather, Graph, matmul, mean, referenceBackend, tanh, wasmBackend, type Program } from '../index.ts';

const backends = [referenceBackend(), wasmBackend(readFileSync('dist/kernels/kernels.wasm'))];
const [rows, width, hidden] = [40, 20, 6];

/** Data with every third column dead and numbers elsewhere with some probability. */
function program(density: number, options: { alive?: boolean; batches?: boolean } = {}): Program {
  const random = stream(1, 'data');
  const graph = new Graph();
  const values = Array.from({ length: rows * width }, (_, at) =>
    (options.alive || (at % width) % 3 > 0) && random.uniform() < density ? random.normal() : 0,
  );
  const data = graph.constant(values, [rows, width]);
  const list = graph.batches(
    Array.from({ length: 30 }, (_, i) => (7 * i) % rows),
    10,
    rows,
  );
  const input = options.batches ? gather(data, list) : data;
  const weight = graph.parameter('weight', [width, hidden]);
  const loss = mean(tanh(addBias(matmul(input, weight), graph.parameter('bias', [hidden]))));
  const optimizer = adamw({ learningRate: 0.1, weightDecay: 0.5 });
  return compile({ graph, precision: 'f32', loss, trainOutputs: { loss }, optimizer, passes: { duplicates: false } });
}

const found = ({ info }: Program): string[] => info.passes.map(({ what }) => what);
const names = ({ train }: Program): string[] => train.steps.map(({ operation }) => operation.name);

test('mostly empty data become a sparse product, which takes the bias along', () => {
  for (const batches of [true, false]) {
    const compiled = program(0.2, { batches });
    expect(found(compiled)[0]).toMatch(/^13 of 20 input columns in use, 1\d % of the numbers$/);
    expect(names(compiled)).toEqual(expect.arrayContaining(['sparseMatmul', 'sparseTransposedMatmul']));
    expect(names(compiled)).not.toContain('addBias');
    expect(names(compiled)).not.toContain('gather');
  }
});

test('full data lose their dead columns only', () => {
  expect(found(program(1, { batches: true }))).toEqual(['13 of 20 input columns in use']);
  expect(names(program(1))).not.toContain('sparseMatmul');
  expect(found(program(1, { alive: true }))).toEqual([]);
});

test.each(backends.flatMap((backend) => [0.2, 1].map((density) => ({ backend, density, name: backend.name }))))(
  'weights of dead columns have no gradient and still decay (density $density, $name)',
  ({ backend, density }) => {
    const session = backend.open(program(density, { batches: true }));
    session.write('weight', new Float64Array(width * hidden).fill(1));
    session.run(3);
    const [weight, gradient] = [session.read('weight'), session.read('gradient/weight')];
    for (const column of [0, 3, 18]) {
      const at = column * hidden;
      expect([...gradient.subarray(at, at + hidden)]).toEqual(Array(hidden).fill(0));
      expect(weight[at]).toBeCloseTo(0.95 ** 3, 6);
    }
    expect(gradient[hidden]).not.toBe(0);
  },
);
