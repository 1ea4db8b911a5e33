import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import golden from './golden/golden.json' with { type: 'json' };
import {
  adam,
  adamw,
  addBias,
  compile,
  concat,
  gather,
  gelu,
  Graph,
  matmul,
  relu,
  sgd,
  sigmoid,
  silu,
  softmaxCrossEntropy,
  squaredError,
  tanh,
} from './index.ts';
import {
  referenceBackend,
  wasmBackend,
  type AdamOptions,
  type Optimizer,
  type Program,
  type RealArray,
  type Session,
  type SgdOptions,
  type Tensor,
} from './index.ts';

interface Encoded {
  readonly shape: readonly number[];
  readonly data: string;
}

interface Case {
  readonly name: string;
  readonly precision: 'f32' | 'f64';
  readonly task: 'addition' | 'regression';
  readonly activation: keyof typeof activations;
  readonly optimizer: 'adamw' | 'adam' | 'sgd';
  readonly options: Record<string, unknown>;
  readonly steps: number;
  readonly data: Record<string, unknown>;
  readonly initial: Readonly<Record<string, Encoded>>;
  readonly losses: readonly number[];
  readonly firstGradient: Readonly<Record<string, Encoded>>;
  readonly final: Readonly<Record<string, Encoded>>;
}

const activations = { silu, relu, tanh, gelu, sigmoid };
const cases = golden.cases as unknown as Case[];
const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));

function decode({ data }: Encoded, precision: 'f32' | 'f64'): RealArray {
  const { buffer } = Uint8Array.from(Buffer.from(data, 'base64'));
  return precision === 'f64' ? new Float64Array(buffer) : new Float32Array(buffer);
}

/** The model of make_golden.py. Every parameter named in the options' groups is a group of its own. */
function build(golden: Case): Program {
  const graph = new Graph();
  const groups = Object.keys((golden.options.groups ?? {}) as object);
  const parameters = new Map(
    Object.entries(golden.initial).map(([name, { shape }]) => [
      name,
      graph.parameter(name, shape, { group: groups.includes(name) ? name : 'default' }),
    ]),
  );
  const get = (name: string): Tensor => parameters.get(name)!;
  const layers = [...parameters.keys()].filter((name) => name.startsWith('weight')).length;
  const network = (input: Tensor): Tensor => {
    let x = input;
    for (let layer = 1; layer <= layers; layer++) {
      x = addBias(matmul(x, get(`weight${layer}`)), get(`bias${layer}`));
      if (layer < layers) x = activations[golden.activation](x);
    }
    return x;
  };
  let loss: Tensor;
  if (golden.task === 'addition') {
    const { a, b, labels, classes } = golden.data as { a: number[]; b: number[]; labels: number[]; classes: number };
    const table = get('embedding');
    const logits = network(concat([gather(table, graph.indices(a, classes)), gather(table, graph.indices(b, classes))]));
    loss = softmaxCrossEntropy(logits, graph.indices(labels, classes));
  } else {
    const { inputs, targets, rows, sizes } = golden.data as { inputs: number[]; targets: number[]; rows: number; sizes: number[] };
    loss = squaredError(network(graph.constant(inputs, [rows, sizes[0]])), graph.constant(targets, [rows, sizes[sizes.length - 1]]));
  }
  const make: Record<Case['optimizer'], () => Optimizer> = {
    adamw: () => adamw(golden.options as unknown as AdamOptions),
    adam: () => adam(golden.options as unknown as AdamOptions),
    sgd: () => sgd(golden.options as unknown as SgdOptions),
  };
  return compile({ graph, precision: golden.precision, loss, trainOutputs: { loss }, optimizer: make[golden.optimizer]() });
}

/** Largest difference relative to the largest expected value. */
function distance(actual: RealArray, expected: RealArray): number {
  let difference = 0;
  let size = 0;
  expected.forEach((value, i) => {
    difference = Math.max(difference, Math.abs(actual[i] - value));
    size = Math.max(size, Math.abs(value));
  });
  return difference / size;
}

function worstErrors(golden: Case, session: Session): { loss: number; gradient: number; parameters: number } {
  for (const [name, values] of Object.entries(golden.initial)) session.write(name, decode(values, golden.precision));
  const worst = { loss: 0, gradient: 0, parameters: 0 };
  golden.losses.forEach((expected, step) => {
    session.run(1);
    worst.loss = Math.max(worst.loss, Math.abs(session.trainOutputs().loss / expected - 1));
    if (step > 0) return;
    for (const [name, values] of Object.entries(golden.firstGradient)) {
      worst.gradient = Math.max(worst.gradient, distance(session.read(`gradient/${name}`), decode(values, golden.precision)));
    }
  });
  for (const [name, values] of Object.entries(golden.final)) {
    worst.parameters = Math.max(worst.parameters, distance(session.read(name), decode(values, golden.precision)));
  }
  return worst;
}

describe(`trajectories of PyTorch ${golden.torch}`, () => {
  for (const backend of [wasm, referenceBackend()]) {
    test.each(cases)(`$name, $precision, $steps steps: ${backend.name}`, (golden) => {
      const session = backend.open(build(golden));
      const worst = worstErrors(golden, session);
      const bound = golden.precision === 'f64' ? 1e-10 : 2e-6;
      expect(worst.loss).toBeLessThan(bound);
      expect(worst.gradient).toBeLessThan(bound);
      // In f32 the first updates of Adam divide gradients of rounding size by themselves, so single elements differ by more than losses do.
      expect(worst.parameters).toBeLessThan(golden.precision === 'f64' ? 1e-10 : 2e-5);
    });
  }
});
