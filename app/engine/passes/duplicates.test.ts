import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  accuracy,
  adamw,
  add,
  addBias,
  compile,
  concat,
  gather,
  Graph,
  matmul,
  mean,
  multiply,
  relu,
  scale,
  softmaxCrossEntropy,
  squaredError,
  transpose,
  wasmBackend,
  type Program,
  type Tensor,
} from '../index.ts';

const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));
const p = 11;
const firsts = Array.from({ length: p * p }, (_, row) => Math.floor(row / p));
const seconds = Array.from({ length: p * p }, (_, row) => row % p);

interface Parts {
  readonly graph: Graph;
  /** Embeddings of the first and of the second token of all p^2 pairs. */
  readonly first: Tensor;
  readonly second: Tensor;
}

/** Addition modulo p from some combination of two tokens. */
function additions(
  combine: (parts: Parts) => Tensor,
  label = (row: number): number => (firsts[row] + seconds[row]) % p,
  more: (logits: Tensor, graph: Graph) => Record<string, Tensor> = () => ({}),
): Program {
  const graph = new Graph();
  const table = graph.parameter('table', [p, 4]);
  const [first, second] = [firsts, seconds].map((list) => gather(table, graph.indices(list, p)));
  const combined = combine({ graph, first, second });
  const logits = addBias(matmul(relu(combined), graph.parameter('weight', [combined.shape[1], p])), graph.parameter('bias', [p]));
  const labels = graph.indices(
    Array.from({ length: p * p }, (_, row) => label(row)),
    p,
  );
  const loss = softmaxCrossEntropy(logits, labels);
  const trainOutputs = { loss, accuracy: accuracy(logits, labels), ...more(logits, graph) };
  return compile({ graph, precision: 'f32', loss, trainOutputs, optimizer: adamw({ learningRate: 0.1 }), passes: { tables: false } });
}

const found = ({ info }: Program): string[] => info.passes.map(({ what }) => what);
const heightOfProducts = ({ train }: Program): number =>
  Math.max(...train.steps.flatMap(({ operation }) => (operation.name === 'matmul' ? operation.shape[0] : [])));

test('a sum of tokens needs every unordered pair once', () => {
  const compiled = additions(({ first, second }) => add(first, second));
  expect(found(compiled)).toEqual([`rows ${p * p} -> ${(p * (p + 1)) / 2}`]);
  expect(heightOfProducts(compiled)).toBe((p * (p + 1)) / 2);
  expect(compiled.info.flopsPerStep).toBeLessThan(0.65 * compiled.info.plainFlopsPerStep);
});

test('the order of more summands and of factors does not matter either', () => {
  const nested = additions(({ first, second, graph }) => {
    const third = gather(graph.parameter('other', [2, 4]), graph.indices(new Int32Array(p * p), 2));
    return multiply(add(add(first, third), second), scale(add(second, first), 2));
  });
  expect(found(nested)).toEqual([`rows ${p * p} -> ${(p * (p + 1)) / 2}`]);
});

test('pairs side by side, and equal pairs of unequal labels, stay apart', () => {
  expect(found(additions(({ first, second }) => concat([first, second])))).toEqual([]);
  expect(
    found(
      additions(
        ({ first, second }) => add(first, second),
        (row) => firsts[row],
      ),
    ),
  ).toEqual([]);
});

test('all measures of a batch go by one choice of rows', () => {
  const target = Array.from({ length: p * p * p }, (_, at) => (at % p === 0 ? firsts[Math.floor(at / p)] : 0));
  const compiled = additions(
    ({ first, second }) => add(first, second),
    undefined,
    (logits, graph) => ({
      squares: mean(multiply(logits, logits)),
      error: squaredError(logits, graph.constant(target, [p * p, p])),
    }),
  );
  // The target of the error distinguishes (a, b) from (b, a).
  expect(found(compiled)).toEqual([]);
});

test('a batch that something needs as a whole stays whole', () => {
  const compiled = additions(
    ({ first, second }) => add(first, second),
    undefined,
    (logits) => ({ mixed: mean(matmul(transpose(logits), logits)) }),
  );
  expect(found(compiled)).toEqual([]);
});

test('an accuracy of one is one', () => {
  const compiled = additions(({ first, second }) => add(first, second));
  const session = wasm.open(compiled);
  // Every logit is that of its bias, so that exactly the rows labelled 3 are right.
  session.write(
    'bias',
    Float64Array.from({ length: p }, (_, i) => (i === 3 ? 1 : 0)),
  );
  session.run(1);
  expect(session.trainOutputs().accuracy).toBe(Math.fround(p / (p * p)));
});

test('equal rows of constants count together, and step-dependent rows are left alone', () => {
  const graph = new Graph();
  const data = graph.constant([1, 2, 3, 4, 1, 2, 0, 0, -0, 0], [5, 2]);
  const weight = graph.parameter('weight', [2, 3]);
  const loss = mean(relu(matmul(data, weight)));
  const batch = mean(relu(matmul(gather(data, graph.batches([0, 2, 1, 1], 2, 5)), weight)));
  const { info } = compile({
    graph,
    precision: 'f64',
    loss,
    trainOutputs: { batch },
    optimizer: adamw({ learningRate: 0.1 }),
    passes: { columns: false },
  });
  // A negative zero is another number than zero.
  expect(info.passes).toMatchObject([{ name: 'duplicates', what: 'rows 5 -> 4' }]);
});
