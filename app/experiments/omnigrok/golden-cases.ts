/** What golden.py is given: small systems of every kind, with our samples and initial values. */
import type { DatasetSource } from '#app/datasets/dataset.ts';
import { initialValues, modelOf } from './model.ts';
import { omnigrokParameters } from './parameters.ts';
import type { Samples } from './tasks/task.ts';

const common = { trainingSamples: 12, testSamples: 8, hiddenWidths: [7, 6], steps: 20, testEvery: 1, learningRate: 0.01 };
const modular = { ...common, task: 'modular-addition', modulus: 5, embeddingWidth: 3, activation: 'silu' };

const cases: Readonly<Record<string, object>> = {
  'teacher and student': { ...common, weightDecay: 0.5, initialScale: 2, correctBelow: 0.05 },
  'teacher and student, pinned': { ...common, pinNorm: true, initialScale: 0.5, correctBelow: 0.05 },
  'pinned elsewhere': { ...common, pinNorm: true, pinnedNorm: 3, weightDecay: 0.1 },
  lazy: { ...common, laziness: 3, temperature: 0.5, optimizer: 'sgd', weightDecay: 0.2 },
  'modular addition': { ...modular, weightDecay: 1 },
  StableMax: { ...modular, objective: 'stablemax', optimizer: 'adam' },
  'perpendicular gradient': { ...modular, gradientTransform: 'perpendicular' },
  Grokfast: { ...modular, gradientTransform: 'grokfast', temperature: 2 },
  'one-hot targets': { ...modular, objective: 'mse', activation: 'relu' },
  transformer: {
    ...common,
    task: 'transformer',
    modulus: 5,
    embeddingWidth: 8,
    heads: 2,
    hiddenWidths: [9],
    activation: 'relu',
    weightDecay: 1,
  },
  latents: {
    ...common,
    task: 'latents',
    modulus: 5,
    messiness: 0.3,
    activation: 'leaky-relu',
    secondMomentDecay: 0.99,
    rateDropEvery: 8,
    pinNorm: true,
  },
  'messy digits in batches': { ...common, task: 'digits', messiness: 0.6, batchSize: 5, activation: 'relu', weightDecay: 0.1 },
  'softmax collapse': { ...modular, hiddenWidths: [20], learningRate: 0.05, temperature: 0.05, initialScale: 2 },
  sentiment: { ...common, task: 'sentiment', embeddingWidth: 2, hiddenWidths: [4], trainingSamples: 3, testSamples: 2 },
  molecules: { ...common, task: 'molecules', trainingSamples: 4, testSamples: 3, hiddenWidths: [4, 3] },
};

/** Digits of six pixels; greys are whole multiples of 1/256, which 32 bits hold. */
const digits: DatasetSource = (id) => ({
  id,
  name: id,
  rows: 20,
  features: 6,
  inputs: Float32Array.from({ length: 120 }, (_, i) => ((i * 97) % 257) / 256),
  target: { kind: 'class', labels: Int32Array.from({ length: 20 }, (_, row) => row % 10), classes: [...'0123456789'] },
  hash: '',
});

const told = ({ rows, inputs, labels, values }: Samples) => ({
  rows,
  kind: inputs.kind,
  inputs: Array.from(inputs.values),
  ...(labels ? { labels: Array.from(labels) } : { values: Array.from(values!) }),
});

/** Everything that PyTorch needs of our side; digits before they are made messy. */
export const goldenInputs = () =>
  Object.entries(cases).map(([name, given]) => {
    const parameters = omnigrokParameters.parse({ ...given, precision: 'f64' });
    const model = modelOf(parameters, digits);
    const { train, test } = modelOf({ ...parameters, messiness: parameters.task === 'digits' ? 1 : parameters.messiness }, digits).task;
    const { task, network, objective, batches } = model;
    const { target } = task;
    const initial = initialValues(parameters, model);
    const lists =
      batches &&
      Array.from({ length: parameters.steps }, (_, step) =>
        Array.from(batches.lists.subarray(step * batches.size, (step + 1) * batches.size)),
      );
    return {
      name,
      parameters,
      objective,
      samples: { train: told(train), test: told(test) },
      ...(target.kind === 'class' ? { classes: target.classes } : {}),
      ...(target.kind === 'class' && target.templates ? { templates: Array.from(target.templates.values) } : {}),
      ...(lists ? { batches: lists } : {}),
      shapes: Object.fromEntries(network.tensors.map(({ name: tensor, shape }) => [tensor, shape])),
      initial: Object.fromEntries(network.tensors.map(({ name: tensor }) => [tensor, Array.from(initial[tensor])])),
    };
  });
