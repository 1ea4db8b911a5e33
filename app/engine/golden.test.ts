import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { worstErrors, type Trajectory } from './golden/cases.ts';
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
import { referenceBackend, wasmBackend, type AdamOptions, type Optimizer, type Program, type SgdOptions, type Tensor } from './index.ts';

interface Case extends Trajectory {
  readonly task: 'addition' | 'regression';
  readonly activation: keyof typeof activations;
  readonly optimizer: 'adamw' | 'adam' | 'sgd';
  readonly options: Record<string, unknown>;
  readonly data: Record<string, unknown>;
}

const activations = { silu, relu, tanh, gelu, sigmoid };
const cases = golden.cases as unknown as Case[];
const wasm = wasmBackend(readFileSync('dist/kernels/kernels.wasm'));

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
