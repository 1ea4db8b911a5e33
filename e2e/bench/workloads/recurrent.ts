/**
 * W4: the recurrent network of "Opening the AI black box" (Michaud et al. 2024) on binary addition: two bits a position, two hidden
 * numbers, hidden network 4-6-2 with ReLU, linear output, ten positions unrolled, loss mean of ln(1 + e^2) / 2, batches of 512, AdamW.
 */
import { adamw, addBias, compile, concat, gather, Graph, halfLogSquaredError, matmul, relu } from '#app/engine/index.ts';
import type { Program, Tensor } from '#app/engine/index.ts';
import { stream } from '#app/numerics/random.ts';
import { initialPrefix, real, whole, wholeNumbers, type Shared } from '../shared.ts';
import { linearInitial } from './layers.ts';
import type { Workload } from './workload.ts';

const positions = 10;
const inputs = 2;
const hidden = 2;
const width = 6;
const batch = 512;
const sequences = 8192;
const settings = { positions, inputs, hidden, width, batch, learningRate: 1e-3, weightDecay: 0 };
const shapes: Readonly<Record<string, readonly number[]>> = {
  'hidden.0.weight': [hidden + inputs, width],
  'hidden.0.bias': [width],
  'hidden.1.weight': [width, hidden],
  'hidden.1.bias': [hidden],
  'output.weight': [hidden, 1],
  'output.bias': [1],
};

function shared(): Shared {
  const bits = stream(0, 'sequences');
  const x = Float32Array.from({ length: sequences * positions * inputs }, () => bits.below(2));
  const y = new Float32Array(sequences * positions);
  for (let row = 0; row < sequences; row++) {
    for (let t = 0, carry = 0; t < positions; t++) {
      const at = row * positions + t;
      const total = x[at * inputs] + x[at * inputs + 1] + carry;
      y[at] = total % 2;
      carry = total > 1 ? 1 : 0;
    }
  }
  const random = stream(0, 'network');
  const initial = Object.entries(shapes).map(([name, shape]) => {
    const [inputs] = shapes[name.replace('bias', 'weight')];
    return [initialPrefix + name, linearInitial('f32', random, inputs, shape)] as const;
  });
  return {
    workload: 'w4-f32',
    precision: 'f32',
    settings,
    arrays: {
      x: real('f32', x, [sequences, positions, inputs]),
      y: real('f32', y, [sequences, positions]),
      batches: whole(stream(0, 'batches').permutation(sequences), [sequences / batch, batch]),
      ...Object.fromEntries(initial),
    },
  };
}

function program(from: Shared): Program {
  const graph = new Graph();
  const parameter = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [name, graph.parameter(name, shape)]));
  const rows = graph.batches(wholeNumbers(from, 'batches'), batch, sequences);
  const x = from.arrays.x.values;
  const dense = (signal: Tensor, layer: string): Tensor =>
    addBias(matmul(signal, parameter[`${layer}.weight`]), parameter[`${layer}.bias`]);
  let state = graph.constant(new Float64Array(batch * hidden), [batch, hidden]);
  const answers: Tensor[] = [];
  for (let t = 0; t < positions; t++) {
    const atPosition = Float64Array.from(
      { length: sequences * inputs },
      (_, i) => x[(Math.floor(i / inputs) * positions + t) * inputs + (i % inputs)],
    );
    const bits = gather(graph.constant(atPosition, [sequences, inputs]), rows);
    state = dense(relu(dense(concat([state, bits]), 'hidden.0')), 'hidden.1');
    answers.push(dense(state, 'output'));
  }
  const expected = gather(graph.constant(Float64Array.from(from.arrays.y.values), [sequences, positions]), rows);
  const loss = halfLogSquaredError(concat(answers), expected);
  return compile({
    graph,
    precision: 'f32',
    loss,
    trainOutputs: { loss },
    optimizer: adamw({ learningRate: settings.learningRate, weightDecay: settings.weightDecay }),
  });
}

export const recurrentWorkload: Workload = {
  id: 'w4-f32',
  group: 'w4',
  title: 'Recurrent network, batch 512, ten positions, f32',
  precision: 'f32',
  shared,
  ours: [{ id: 'train', label: 'training', program }],
  peers: [
    { library: 'torch', form: 'authors', label: "the authors' style" },
    { library: 'torch', form: 'lean', label: 'lean' },
    { library: 'torch', form: 'compiled', label: 'lean, torch.compile' },
    { library: 'numpy', form: 'lean', label: 'lean' },
  ],
  noise: 'lean',
  comparisons: [
    { id: 'authors', label: "the authors' style", ours: 'train', library: 'torch', forms: ['authors'] },
    { id: 'strongest', label: 'its strongest form', ours: 'train', library: 'torch', forms: ['lean', 'compiled'] },
    { id: 'numpy', label: 'NumPy', ours: 'train', library: 'numpy', forms: ['lean'] },
  ],
};
