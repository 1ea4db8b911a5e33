import { readFileSync } from 'node:fs';
import { stream } from '#app/numerics/random.ts';
import { describe, expect, test } from 'vitest';
import {
  add,
  addBias,
  attention,
  compile,
  concat,
  gather,
  gelu,
  Graph,
  halfLogSquaredError,
  hessianVectorProduct,
  layerNorm,
  matmul,
  mean,
  multiply,
  norm,
  referenceBackend,
  relu,
  reshape,
  scale,
  sgd,
  sigmoid,
  silu,
  softmax,
  softmaxCrossEntropy,
  squaredError,
  subtract,
  sum,
  tanh,
  timeSteps,
  topK,
  transpose,
  TransformerBlock,
  unroll,
  wasmBackend,
  type Backend,
  type Precision,
  type Session,
  type Tensor,
} from './index.ts';
import { expectClose } from './testing.ts';

const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));

type Model = (graph: Graph, parameter: (...shape: number[]) => Tensor, numbers: (...shape: number[]) => Tensor) => Tensor;

/** Two layers with an activation in between and squared error. */
const perceptron =
  (activation: (x: Tensor) => Tensor): Model =>
  (_graph, parameter, numbers) => {
    const hidden = activation(addBias(matmul(numbers(7, 3), parameter(3, 5)), parameter(5)));
    return squaredError(matmul(hidden, parameter(2, 5), { transposeB: true }), numbers(7, 2));
  };

const models: Record<string, Model> = {
  silu: perceptron(silu),
  tanh: perceptron(tanh),
  gelu: perceptron(gelu),
  sigmoid: perceptron(sigmoid),
  relu: perceptron(relu),
  'top-k': perceptron((x) => topK(x, 2)),
  'cross-entropy of embeddings': (graph, parameter) => {
    const table = parameter(4, 3);
    const [a, b] = [
      [0, 1, 2, 3, 3, 1],
      [1, 1, 0, 2, 3, 0],
    ].map((list) => gather(table, graph.indices(list, 4)));
    const logits = matmul(tanh(matmul(concat([a, b]), parameter(6, 5))), parameter(5, 4));
    return softmaxCrossEntropy(logits, graph.indices([1, 2, 3, 0, 1, 2], 4));
  },
  'weighted losses': (graph, parameter, numbers) => {
    const weights = graph.constant([1, 3, 0.5, 2], [4]);
    const x = matmul(tanh(matmul(numbers(4, 3), parameter(3, 4))), parameter(4, 5));
    const entropy = softmaxCrossEntropy(x, graph.indices([0, 1, 2, 4], 5), weights);
    return add(entropy, add(squaredError(tanh(x), numbers(4, 5), weights), mean(multiply(x, x), weights)));
  },
  'recurrent network with logarithmic loss': (_graph, parameter, numbers) => {
    const [weights, shift, readout] = [parameter(5, 3), parameter(3), parameter(3, 1)];
    const states = unroll(timeSteps(numbers(6, 4, 2)), numbers(6, 3), (h, x) => tanh(addBias(matmul(concat([h, x]), weights), shift)));
    return halfLogSquaredError(concat(states.map((h) => matmul(h, readout))), numbers(6, 4));
  },
  'layer norm and softmax': (_graph, parameter, numbers) => {
    const x = layerNorm(matmul(numbers(4, 3), parameter(3, 6)), parameter(6), parameter(6));
    return squaredError(softmax(matmul(x, parameter(6, 4))), numbers(4, 4));
  },
  'causal attention': (_graph, parameter, numbers) => {
    const x = numbers(6, 4);
    const [q, k, v] = [0, 1, 2].map(() => matmul(x, parameter(4, 4)));
    return squaredError(attention(q, k, v, { length: 3, heads: 2, causal: true }), numbers(6, 4));
  },
  'products, sums, differences and turns': (_graph, parameter, numbers) => {
    const [a, b] = [parameter(3, 4), parameter(4, 3)];
    const product = multiply(subtract(a, scale(transpose(b), 0.5)), tanh(reshape(b, [3, 4])));
    return add(sum(multiply(product, numbers(3, 4))), mean(tanh(matmul(a, b, {}))));
  },
};

const draw = (seed: number, name: string, size: number, spread = 0.6): Float64Array => {
  const random = stream(seed, name);
  return Float64Array.from({ length: size }, () => Math.fround(spread * random.normal()));
};

/** A session of the model whose evaluation `curvature` computes H v; parameters p0.. and parts v0.. of v hold seeded numbers. */
function open(model: Model, backend: Backend, precision: Precision, plain = false): { session: Session; names: string[] } {
  const graph = new Graph();
  const parameters: Tensor[] = [];
  let constants = 0;
  const loss = model(
    graph,
    (...shape) => {
      parameters.push(graph.parameter(`p${parameters.length}`, shape));
      return parameters[parameters.length - 1];
    },
    (...shape) =>
      graph.constant(
        draw(
          1,
          `c${constants++}`,
          shape.reduce((a, b) => a * b, 1),
          1,
        ),
        shape,
      ),
  );
  const vectors = parameters.map(({ shape }, index) => graph.parameter(`v${index}`, shape, { trainable: false }));
  const products = hessianVectorProduct(loss, parameters, vectors);
  const session = backend.open(
    compile({
      graph,
      precision,
      loss,
      trainOutputs: { loss },
      results: { curvature: Object.fromEntries(products.map((product, index) => [`Hv${index}`, product])) },
      optimizer: sgd({ learningRate: 0 }),
      passes: plain ? { constants: false, duplicates: false, tables: false, columns: false, fusion: false, inPlace: false } : {},
    }),
  );
  for (const { name, size } of session.info.parameters) session.write(name, draw(2, name, size));
  return { session, names: parameters.map((_, index) => `${index}`) };
}

describe.each(Object.entries(models))('H v of %s', (_name, model) => {
  const products = (session: Session, names: string[]): Float64Array[] => {
    session.evaluate('curvature');
    return names.map((name) => Float64Array.from(session.read(`results/Hv${name}`)));
  };

  test('is the derivative of the gradient along v', () => {
    const { session, names } = open(model, referenceBackend(), 'f64');
    const actual = products(session, names);
    const step = 1e-5;
    const gradientsAt = (shift: number): Float64Array[] => {
      for (const name of names) {
        const start = draw(2, `p${name}`, session.read(`p${name}`).length);
        session.write(
          `p${name}`,
          start.map((value, i) => value + shift * session.read(`v${name}`)[i]),
        );
      }
      session.run(1);
      return names.map((name) => Float64Array.from(session.read(`gradient/p${name}`)));
    };
    const [after, before] = [gradientsAt(step), gradientsAt(-step)];
    names.forEach((name, index) =>
      expectClose(
        actual[index],
        after[index].map((value, i) => (value - before[index][i]) / (2 * step)),
        2e-8,
        `part ${name}`,
      ),
    );
    expect(Math.max(...actual.flatMap((part) => [...part].map(Math.abs)))).toBeGreaterThan(1e-3);
  });

  test('is the same from the kernels, with and without passes', () => {
    const reference = open(model, referenceBackend(), 'f64');
    const expected = products(reference.session, reference.names);
    for (const [precision, tolerance] of [
      ['f64', 1e-13],
      ['f32', 3e-6],
    ] as const) {
      for (const plain of [false, true]) {
        const { session, names } = open(model, wasm, precision, plain);
        products(session, names).forEach((part, index) => expectClose(part, expected[index], tolerance, `part ${index} in ${precision}`));
      }
    }
  });

  test('belongs to a symmetric matrix', () => {
    const { session, names } = open(model, wasm, 'f64');
    const vectors = [5, 6].map((seed) => names.map((name) => draw(seed, name, session.read(`v${name}`).length)));
    const [first, second] = vectors.map((parts) => {
      parts.forEach((part, index) => session.write(`v${index}`, part));
      return products(session, names);
    });
    const inner = (a: Float64Array[], b: Float64Array[]): number =>
      a.reduce((total, part, index) => total + part.reduce((sum, value, i) => sum + value * b[index][i], 0), 0);
    expectClose([inner(vectors[1], first)], [inner(vectors[0], second)], 1e-13, 'w H v');
  });
});

test('a transformer block can be differentiated twice', () => {
  const model: Model = (graph, _parameter, numbers) => {
    const block = new TransformerBlock(graph, 'block', { width: 4, hidden: 5, heads: 2, length: 3, causal: true, activation: gelu });
    return squaredError(block.apply(numbers(6, 4)), numbers(6, 4));
  };
  const graph = new Graph();
  const loss = model(
    graph,
    () => expect.fail('unused'),
    (...shape) => graph.constant(draw(1, 'c', 24, 1), shape),
  );
  const parameters = graph.parameters.filter(({ parameter }) => parameter.name !== 'block.key.bias');
  const vectors = parameters.map(({ shape, parameter }) => graph.parameter(`v.${parameter.name}`, shape, { trainable: false }));
  const products = hessianVectorProduct(loss, parameters, vectors);
  const results = Object.fromEntries(products.map((product, index) => [parameters[index].parameter.name, product]));
  const program = compile({
    graph,
    precision: 'f64',
    loss,
    trainOutputs: {},
    results: { curvature: results },
    optimizer: sgd({ learningRate: 0 }),
  });
  const [expected, actual] = [referenceBackend(), wasm].map((backend) => {
    const session = backend.open(program);
    for (const { name, size } of session.info.parameters) session.write(name, draw(4, name, size));
    session.evaluate('curvature');
    return session;
  });
  for (const { name } of program.info.results) expectClose(actual.read(`results/${name}`), expected.read(`results/${name}`), 1e-12, name);
});

test('what has no curvature gives zeros', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [3]);
  const [product] = hessianVectorProduct(sum(x), [x], [graph.constant([1, 2, 3], [3])]);
  expect([...product.values!]).toEqual([0, 0, 0]);
});

test('mistakes are named in a sentence', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [3]);
  const y = graph.parameter('y', [3], { trainable: false });
  const loss = sum(multiply(x, tanh(x)));
  expect(() => hessianVectorProduct(loss, [x], [graph.constant([1, 2], [2])])).toThrow('shapes [3] and [2] must be equal');
  expect(() => hessianVectorProduct(loss, [y], [y])).toThrow('hessianVectorProduct: "y" is no trainable parameter of this graph.');
  expect(() => hessianVectorProduct(loss, [x, x], [y, y])).toThrow('give every parameter once and a vector for each');
  expect(() => hessianVectorProduct(loss, [x], [])).toThrow('give every parameter once and a vector for each');
  expect(() => hessianVectorProduct(norm([x]), [x], [y])).toThrow('through norm');
});

test('results are named once, and read only by their names', () => {
  const graph = new Graph();
  const x = graph.parameter('x', [3]);
  const make = (results: Record<string, Record<string, Tensor>>) =>
    compile({ graph, precision: 'f64', loss: sum(x), trainOutputs: {}, results, optimizer: sgd({ learningRate: 1 }) });
  expect(() => make({ a: { twice: x }, b: { twice: x } })).toThrow(
    'Result "twice" belongs to two evaluations; names of results must differ.',
  );
  const program = make({ a: { same: x, double: scale(x, 2) } });
  expect(program.info.results).toEqual([
    { name: 'same', evaluation: 'a', shape: [3], size: 3 },
    { name: 'double', evaluation: 'a', shape: [3], size: 3 },
  ]);
  for (const backend of [referenceBackend(), wasm]) {
    const session = backend.open(program);
    session.write('x', [1, 2, 3]);
    expect([...session.read('results/double')]).toEqual([0, 0, 0]);
    expect(session.evaluate('a')).toEqual({});
    session.run(1);
    expect([...session.read('results/same')]).toEqual([1, 2, 3]);
    expect([...session.read('results/double')]).toEqual([2, 4, 6]);
    expect(() => session.read('results/none')).toThrow('There is no result "none"; there are: same, double.');
  }
});
