import { readFileSync } from 'node:fs';
import { stream } from '#app/numerics/random.ts';
import { describe, expect, test } from 'vitest';
import {
  add,
  addBias,
  compile,
  concat,
  gather,
  gradientGram,
  Graph,
  halfLogSquaredError,
  layerNorm,
  matmul,
  mean,
  norm,
  perSampleGradients,
  referenceBackend,
  scale,
  sgd,
  silu,
  softmaxCrossEntropy,
  squaredError,
  sum,
  tanh,
  timeSteps,
  transpose,
  unroll,
  wasmBackend,
  type Session,
  type Tensor,
} from './index.ts';
import { expectClose } from './testing.ts';

const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));
const rows = 6;

interface Data {
  readonly graph: Graph;
  /** A parameter, the same whatever the rows. */
  readonly parameter: (...shape: number[]) => Tensor;
  /** The chosen rows of a constant [6, ...]. */
  readonly numbers: (...shape: number[]) => Tensor;
  /** The chosen ones of 6 whole numbers. */
  readonly pick: (list: readonly number[]) => number[];
}

const models: Record<string, (data: Data) => Tensor> = {
  'a classifier of embedded pairs, one row twice': ({ graph, parameter, pick }) => {
    const table = parameter(4, 3);
    const tokens = [
      [0, 1, 2, 3, 3, 0],
      [1, 1, 0, 2, 3, 1],
    ].map((list) => gather(table, graph.indices(pick(list), 4)));
    const hidden = silu(addBias(matmul(concat(tokens), parameter(6, 5)), parameter(5)));
    return softmaxCrossEntropy(matmul(hidden, parameter(4, 5), { transposeB: true }), graph.indices(pick([1, 2, 3, 0, 1, 2]), 4));
  },
  'regression with layer norm': ({ parameter, numbers }) => {
    const x = layerNorm(matmul(numbers(3), parameter(3, 4)), parameter(4), parameter(4));
    return squaredError(matmul(tanh(x), parameter(4, 2)), numbers(2));
  },
  'a recurrent network, its weights used at every step': ({ parameter, numbers }) => {
    const [weights, shift, readout] = [parameter(5, 3), parameter(3), parameter(3, 1)];
    const states = unroll(timeSteps(numbers(4, 2)), numbers(3), (h, x) => tanh(addBias(matmul(concat([h, x]), weights), shift)));
    return halfLogSquaredError(concat(states.map((h) => matmul(h, readout))), numbers(4));
  },
  'a sum': ({ parameter, numbers }) => sum(tanh(matmul(numbers(3), parameter(3, 2)))),
  'a mean': ({ parameter, numbers }) => mean(tanh(matmul(numbers(3), parameter(3, 2)))),
};

/** Builds a model on some of its rows. */
function build(model: (data: Data) => Tensor, chosen: readonly number[]): { graph: Graph; loss: Tensor } {
  const graph = new Graph();
  let names = 0;
  const loss = model({
    graph,
    parameter: (...shape) => graph.parameter(`p${names++}`, shape),
    numbers: (...shape) => {
      const size = shape.reduce((a, b) => a * b, 1);
      const random = stream(3, `c${names++}`);
      const all = Array.from({ length: rows * size }, () => random.normal());
      return graph.constant(
        chosen.flatMap((row) => all.slice(row * size, (row + 1) * size)),
        [chosen.length, ...shape],
      );
    },
    pick: (list) => chosen.map((row) => list[row]),
  });
  return { graph, loss };
}

function initialise(session: Session): Session {
  for (const { name, size } of session.info.parameters) {
    const random = stream(4, name);
    session.write(
      name,
      Float64Array.from({ length: size }, () => random.normal() / 2),
    );
  }
  return session;
}

describe.each(Object.entries(models))('per-sample gradients of %s', (_name, model) => {
  const all = Array.from({ length: rows }, (_, row) => row);
  /** The gradients of networks that have one row only, one after the other. */
  const single = all.map((row) => {
    const { graph, loss } = build(model, [row]);
    const options = { graph, precision: 'f64', loss, trainOutputs: {}, optimizer: sgd({ learningRate: 0 }) } as const;
    const session = initialise(referenceBackend().open(compile(options)));
    session.run(1);
    return session.info.parameters.map(({ name }) => Float64Array.from(session.read(`gradient/${name}`)));
  });

  test.each([true, false])('are those of one sample at a time, passes %s', (passes) => {
    const { graph, loss } = build(model, all);
    const gradients = perSampleGradients(loss);
    const results = { gram: { gram: gradientGram(loss) }, full: Object.fromEntries(gradients.map((tensor, i) => [`g${i}`, tensor])) };
    const switches = passes ? {} : { constants: false, duplicates: false, tables: false, columns: false };
    for (const [backend, precision, tolerance] of [
      [referenceBackend(), 'f64', 1e-13],
      [wasm, 'f64', 1e-13],
      [wasm, 'f32', 3e-6],
    ] as const) {
      const options = { graph, precision, loss, trainOutputs: {}, results, optimizer: sgd({ learningRate: 0 }), passes: switches };
      const session = initialise(backend.open(compile(options)));
      session.evaluate('full');
      gradients.forEach((_, index) => {
        const expected = single.flatMap((sample) => [...sample[index]]);
        expectClose(session.read(`results/g${index}`), expected, tolerance, `gradients of p${index}`);
      });
      session.evaluate('gram');
      const inner = (i: number, j: number): number =>
        single[i].reduce((total, part, index) => total + part.reduce((s, value, k) => s + value * single[j][index][k], 0), 0);
      expectClose(
        session.read('results/gram'),
        all.flatMap((i) => all.map((j) => inner(i, j))),
        tolerance,
        'Gram matrix',
      );
    }
  });
});

test('only some of the parameters', () => {
  const { loss } = build(models['a recurrent network, its weights used at every step'], [0, 1, 2]);
  const [, shift] = loss.graph.parameters;
  expect(perSampleGradients(loss, [shift]).map(({ shape }) => shape)).toEqual([[3, 3]]);
});

test('what has no per-sample gradients is named in a sentence', () => {
  const graph = new Graph();
  const [w, x] = [graph.parameter('w', [3, 2]), graph.constant(new Float64Array(12), [4, 3])];
  const frozen = graph.parameter('frozen', [3], { trainable: false });
  const product = matmul(x, w);
  expect(() => gradientGram(norm([w]))).toThrow(
    'gradientGram: the loss must be a mean or sum over rows, such as softmaxCrossEntropy, and not norm.',
  );
  expect(() => gradientGram(add(mean(product), mean(product)))).toThrow('and not add.');
  expect(() => gradientGram(mean(matmul(x, transpose(transpose(w)))))).toThrow('rows are not single samples in matmul of shape [4, 2]');
  expect(() => gradientGram(mean(matmul(product, product, { transposeA: true })))).toThrow(
    'rows are not single samples in matmul of shape [2, 2]',
  );
  expect(() => perSampleGradients(mean(scale(w, 2)))).toThrow(
    'perSampleGradients: parameter "w" is used by scale of shape [3, 2], where gradients of single rows are not known',
  );
  expect(() => gradientGram(mean(product), [frozen])).toThrow('"frozen" is no trainable parameter that influences the loss');
});
