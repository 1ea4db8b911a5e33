import { stream } from '#app/numerics/random.ts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  adamw,
  add,
  addBias,
  compile,
  concat,
  gather,
  Graph,
  matmul,
  mean,
  scale,
  silu,
  subtract,
  sum,
  sgd,
  tanh,
  wasmBackend,
  type Program,
  type Tensor,
} from '../index.ts';

const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));
const [tokens, rows, width, hidden] = [7, 60, 16, 12];
const pairs = [0, 1].map((which) => Array.from({ length: rows }, (_, row) => (row * (3 + which) + which) % tokens));

interface Parts {
  readonly graph: Graph;
  readonly table: Tensor;
  /** Rows of the table by the first and by the second token of every pair. */
  readonly first: (table: Tensor) => Tensor;
  readonly second: (table: Tensor) => Tensor;
  readonly weight: (inputs: number) => Tensor;
}

function program(build: (parts: Parts) => Tensor, tables = true): Program {
  const graph = new Graph();
  const [first, second] = pairs.map((list) => (table: Tensor) => gather(table, graph.indices(list, tokens)));
  const table = graph.parameter('table', [tokens, width]);
  const signal = build({ graph, table, first, second, weight: (inputs) => graph.parameter('weight', [inputs, hidden]) });
  const loss = mean(tanh(signal));
  return compile({
    graph,
    precision: 'f32',
    loss,
    trainOutputs: { loss },
    evaluations: { sum: { sum: sum(signal) } },
    optimizer: adamw({ learningRate: 0.01 }),
    // Pairs that occur twice would be collapsed.
    passes: { tables, duplicates: false },
  });
}

/** Heights of the left factors of all products of the forward pass. */
const heights = ({ evaluations }: Program): number[] =>
  evaluations.get('sum')!.steps.flatMap(({ operation }) => (operation.name === 'matmul' ? operation.shape[0] : []));

const concatenated = ({ table, first, second, weight }: Parts): Tensor => matmul(concat([first(table), second(table)]), weight(2 * width));

test('two tokens side by side become two tables, to the bits of tables kept by hand', () => {
  const found = program(concatenated);
  const byHand = program(({ graph, table, first, second, weight }) => {
    const both = weight(2 * width);
    const half = (from: number): Tensor =>
      gather(
        both,
        graph.indices(
          Array.from({ length: width }, (_, i) => from + i),
          2 * width,
        ),
      );
    return add(first(matmul(table, half(0))), second(matmul(table, half(width))));
  }, false);
  expect(heights(found)).toEqual([tokens, tokens]);
  expect(found.info.passes).toEqual([
    { name: 'tables', what: '1 linear layer over 7 tokens', flops: [found.info.plainFlopsPerStep, found.info.flopsPerStep] },
  ]);
  const [actual, expected] = [found, byHand].map((compiled) => {
    const session = wasm.open(compiled);
    for (const { name, size } of session.info.parameters) {
      const random = stream(1, name);
      session.write(
        name,
        Float64Array.from({ length: size }, () => random.normal()),
      );
    }
    session.run(10);
    return session;
  });
  expect(actual.checkpoint()).toEqual(expected.checkpoint());
  expect(actual.evaluate('sum')).toEqual(expected.evaluate('sum'));
  expect(heights(program(concatenated, false))).toEqual([rows]);
});

test('sums, differences, multiples and biases of tokens of one table need one product', () => {
  const combined = program(({ graph, table, first, second, weight }) => {
    const bias = graph.parameter('bias', [width]);
    const difference = subtract(first(table), scale(second(table), 0.5));
    return matmul(scale(addBias(add(difference, first(table)), bias), 3), weight(width));
  });
  // The second token's rows are halved in a table of their own; the product of height 1 is that of the bias.
  expect(heights(combined)).toEqual([tokens, tokens, 1]);
});

test('a whole network of one token is computed for every token once', () => {
  const deep = program(({ graph, table, first, weight }) => {
    const layer = silu(addBias(matmul(first(table), weight(width)), graph.parameter('bias', [hidden])));
    return matmul(layer, graph.parameter('last', [hidden, hidden]));
  });
  expect(heights(deep)).toEqual([tokens, tokens]);
  const gathers = deep.evaluations.get('sum')!.steps.filter(({ operation }) => operation.name === 'gather');
  expect(gathers).toHaveLength(1);
});

test('what is no token stays a product of its own', () => {
  const mixed = program(({ graph, table, first, weight }) => {
    const other = tanh(graph.parameter('other', [rows, 3]));
    return matmul(concat([first(table), other]), weight(width + 3));
  });
  expect(heights(mixed)).toEqual([tokens, rows]);
});

test('nothing is done where it would cost more', () => {
  const graph = new Graph();
  const few = graph.indices([0, 4], 5);
  const narrow = [0, 1].map((first) =>
    graph.indices(
      Array.from({ length: 60 }, (_, row) => (first + row) % 5),
      5,
    ),
  );
  const [wide, thin] = [graph.parameter('wide', [5, 20]), graph.parameter('thin', [5, 1])];
  const products = add(
    mean(matmul(gather(wide, few), graph.parameter('a', [20, 3]))),
    mean(matmul(add(gather(thin, narrow[0]), gather(thin, narrow[1])), graph.parameter('b', [1, 20]))),
  );
  const passes = { duplicates: false };
  const { info } = compile({
    graph,
    precision: 'f32',
    loss: products,
    trainOutputs: {},
    optimizer: sgd({ learningRate: 1 }),
    passes,
  });
  expect(info.passes).toEqual([]);
  expect(info.flopsPerStep).toBe(info.plainFlopsPerStep);
});
