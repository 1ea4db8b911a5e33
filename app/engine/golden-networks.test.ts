import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { decode, distance, worstErrors, type Encoded, type Trajectory } from './golden/cases.ts';
import curvature from './golden/curvature.json' with { type: 'json' };
import networks from './golden/networks.json' with { type: 'json' };
import {
  adamw,
  addBias,
  addPositions,
  clipNorm,
  clipValue,
  compile,
  concat,
  gather,
  gelu,
  gradientGram,
  Graph,
  grokfast,
  halfLogSquaredError,
  hessianVectorProduct,
  matmul,
  perpendicular,
  pinNorm,
  referenceBackend,
  relu,
  reshape,
  Schedule,
  sequence,
  sgd,
  silu,
  softmaxCrossEntropy,
  squaredError,
  tanh,
  timeSteps,
  TransformerBlock,
  unroll,
  wasmBackend,
  type AdamOptions,
  type Optimizer,
  type Tensor,
} from './index.ts';

const backends = [wasmBackend(readFileSync('dist/kernels/kernels.wasm')), referenceBackend()];

type Data = Readonly<Record<string, number | boolean | number[]>>;
type Declare = (name: string) => Tensor;

/** The models of golden/make_networks.py and make_golden.py. */
const models: Record<string, (graph: Graph, get: Declare, data: Data) => Tensor> = {
  recurrent(graph, get, data) {
    const { inputs, targets, count, length, hidden } = data as { inputs: number[]; targets: number[] } & Record<string, number>;
    const linear = (x: Tensor, name: string): Tensor => addBias(matmul(x, get(name)), get(`${name}.bias`));
    const start = graph.constant(new Float64Array(count * hidden), [count, hidden]);
    const states = unroll(timeSteps(graph.constant(inputs, [count, length, 1])), start, (h, x) =>
      linear(relu(linear(concat([h, x]), 'first')), 'second'),
    );
    return halfLogSquaredError(concat(states.map((h) => linear(h, 'readout'))), graph.constant(targets, [count, length]));
  },

  transformer(graph, get, data) {
    const { tokens, labels, causal } = data as { tokens: number[]; labels: number[]; causal: boolean };
    const { count, length, limit, width, heads, hidden } = data as Record<string, number>;
    const embedded = addPositions(gather(get('tokens'), graph.indices(tokens, limit)), get('positions'));
    const block = new TransformerBlock(graph, 'block', { width, hidden, heads, length, causal, activation: causal ? gelu : relu });
    const x = reshape(block.apply(embedded), causal ? [count * length, width] : [count, length * width]);
    return softmaxCrossEntropy(addBias(matmul(x, get('unembed')), get('unembed.bias')), graph.indices(labels, limit));
  },

  regression(graph, get, data) {
    const { inputs, targets, sizes, rows } = data as { inputs: number[]; targets: number[]; sizes: number[]; rows: number };
    const x = perceptron(graph.constant(inputs, [rows, sizes[0]]), get, sizes.length - 1, tanh);
    return squaredError(x, graph.constant(targets, [rows, sizes[sizes.length - 1]]));
  },

  addition(graph, get, data) {
    const { a, b, labels, classes } = data as { a: number[]; b: number[]; labels: number[]; classes: number };
    const pairs = concat([a, b].map((list) => gather(get('embedding'), graph.indices(list, classes))));
    return softmaxCrossEntropy(perceptron(pairs, get, 2, silu), graph.indices(labels, classes));
  },
};

function perceptron(input: Tensor, get: Declare, layers: number, activation: (x: Tensor) => Tensor): Tensor {
  let x = input;
  for (let layer = 1; layer <= layers; layer++) {
    x = addBias(matmul(x, get(`weight${layer}`)), get(`bias${layer}`));
    if (layer < layers) x = activation(x);
  }
  return x;
}

/** Builds a case's loss; parameters named in `groups` are groups of their own. A block declares its parameters itself. */
function build(golden: { model: string; data: unknown; initial: Readonly<Record<string, Encoded>> }, groups: readonly string[] = []) {
  const graph = new Graph();
  const declared = new Map<string, Tensor>();
  const get: Declare = (name) => {
    const known = declared.get(name);
    if (known) return known;
    const { shape } = golden.initial[name];
    const tensor = graph.parameter(name, shape, { group: groups.includes(name) ? name : 'default' });
    declared.set(name, tensor);
    return tensor;
  };
  return { graph, loss: models[golden.model](graph, get, golden.data as Data) };
}

interface Case extends Trajectory {
  readonly model: string;
  readonly rule: keyof typeof rules;
  readonly options: AdamOptions;
  readonly data: unknown;
}

/** The update rules of golden/make_networks.py. */
const rules = {
  plain: (options: AdamOptions) => adamw(options),
  clipNorm: (options: AdamOptions) => sequence(clipNorm({ maximum: 0.2 }), adamw(options)),
  clipValue: (options: AdamOptions) => sequence(clipValue({ limit: 0.02 }), adamw(options)),
  pinNorm: (options: AdamOptions) => sequence(adamw(options), pinNorm({ norm: 2.5 })),
  pinGroup: (options: AdamOptions) => sequence(adamw(options), pinNorm({ norm: 2.5, groups: ['weight1'] })),
  grokfast: (options: AdamOptions) => sequence(grokfast({ alpha: 0.98, gain: 2 }), adamw(options)),
  perpendicular: (options: AdamOptions) => sequence(perpendicular(), adamw(options)),
  scheduled: () => adamw({ learningRate: Schedule.linear(0.001, 0.01, 6).then(Schedule.cosine(0.01, 0.001, 24)) }),
} satisfies Record<string, (options: AdamOptions) => Optimizer>;

describe.each(backends)(`trajectories of PyTorch ${networks.torch}: $name`, (backend) => {
  test.each(networks.cases as unknown as Case[])('$name, $precision, $steps steps', (golden) => {
    const groups = [...Object.keys(golden.options.groups ?? {}), ...(golden.rule === 'pinGroup' ? ['weight1'] : [])];
    const { graph, loss } = build(golden, groups);
    const optimizer = rules[golden.rule](golden.options);
    const session = backend.open(compile({ graph, precision: golden.precision, loss, trainOutputs: { loss }, optimizer }));
    const worst = worstErrors(golden, session);
    const bound = golden.precision === 'f64' ? 1e-10 : 2e-6;
    expect(worst.loss).toBeLessThan(bound);
    // In f32 PyTorch's own gradient of the query's bias, a difference that cancels, is 1.7e-6 from its f64.
    expect(worst.gradient).toBeLessThan(golden.precision === 'f64' ? bound : 2 * bound);
    // In f32 the first updates of Adam divide gradients of rounding size by themselves, so single elements differ by more than losses do.
    expect(worst.parameters).toBeLessThan(golden.precision === 'f64' ? 1e-10 : 2e-5);
  });
});

interface Curvature {
  readonly name: string;
  readonly model: string;
  readonly data: unknown;
  readonly initial: Readonly<Record<string, Encoded>>;
  readonly vector: Readonly<Record<string, Encoded>>;
  readonly product: Readonly<Record<string, Encoded>>;
  readonly gram?: Encoded;
}

describe.each(backends)(`second derivatives and per-sample gradients of PyTorch ${curvature.torch}: $name`, (backend) => {
  test.each(
    (curvature.cases as unknown as Curvature[]).flatMap((golden) =>
      (['f64', 'f32'] as const).map((precision) => ({ ...golden, precision })),
    ),
  )('$name, $precision', (golden) => {
    const { graph, loss } = build(golden);
    const parameters = graph.parameters;
    const vectors = parameters.map(({ parameter, shape }) => graph.parameter(`along ${parameter.name}`, shape, { trainable: false }));
    const products = hessianVectorProduct(loss, parameters, vectors);
    const session = backend.open(
      compile({
        graph,
        precision: golden.precision,
        loss,
        trainOutputs: {},
        results: {
          curvature: Object.fromEntries(products.map((product, index) => [parameters[index].parameter.name, product])),
          samples: golden.gram ? { gram: gradientGram(loss) } : {},
        },
        optimizer: sgd({ learningRate: 0 }),
      }),
    );
    for (const [name, values] of Object.entries(golden.initial)) session.write(name, decode(values, 'f64'));
    for (const [name, values] of Object.entries(golden.vector)) session.write(`along ${name}`, decode(values, 'f64'));
    session.evaluate('curvature');
    const bound = golden.precision === 'f64' ? 1e-10 : 1e-5;
    // A part that vanishes but for rounding, as that of key biases, is measured by the whole.
    const whole = Math.max(...Object.values(golden.product).flatMap((part) => [...decode(part, 'f64')].map(Math.abs)));
    for (const [name, part] of Object.entries(golden.product)) {
      const expected = decode(part, 'f64');
      const difference = Math.max(...expected.map((value, i) => Math.abs(session.read(`results/${name}`)[i] - value)));
      expect(difference / whole, name).toBeLessThan(bound);
    }
    if (!golden.gram) return;
    session.evaluate('samples');
    expect(distance(session.read('results/gram'), decode(golden.gram, 'f64'))).toBeLessThan(bound);
  });
});
