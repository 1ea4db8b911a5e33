import * as tf from '@tensorflow/tfjs-core';
import '@tensorflow/tfjs-core/dist/register_all_gradients.js';
import '@tensorflow/tfjs-backend-cpu';
import { beforeAll, test } from 'vitest';
import {
  add,
  addBias,
  concat,
  gather,
  gelu,
  matmul,
  mean,
  multiply,
  referenceBackend,
  relu,
  reshape,
  scale,
  sigmoid,
  silu,
  softmaxCrossEntropy,
  squaredError,
  subtract,
  sum,
  tanh,
  transpose,
} from './index.ts';
import { drawArguments, expectClose, runOp, type OpCase } from './testing.ts';

// TensorFlow.js on its CPU backend, an independent implementation in f32, against the reference backend.

type Theirs = (tensors: tf.Tensor[]) => tf.Tensor;

const labels = [2, 0, 6, 6, 3];
const rows = [3, 0, 3, 3, 5, 1, 0];
const oneHot = () => tf.oneHot(tf.tensor1d(labels, 'int32'), 7);

const cases: [name: string, opCase: OpCase, theirs: Theirs][] = [
  [
    'matmul',
    {
      inputs: [
        [5, 7],
        [7, 9],
      ],
      build: ([a, b]) => matmul(a, b),
    },
    ([a, b]) => tf.matMul(a, b),
  ],
  [
    'matmul, left transposed',
    {
      inputs: [
        [7, 5],
        [7, 9],
      ],
      build: ([a, b]) => matmul(a, b, { transposeA: true }),
    },
    ([a, b]) => tf.matMul(a, b, true),
  ],
  [
    'matmul, right transposed',
    {
      inputs: [
        [5, 7],
        [9, 7],
      ],
      build: ([a, b]) => matmul(a, b, { transposeB: true }),
    },
    ([a, b]) => tf.matMul(a, b, false, true),
  ],
  [
    'add',
    {
      inputs: [
        [3, 5],
        [3, 5],
      ],
      build: ([a, b]) => add(a, b),
    },
    ([a, b]) => tf.add(a, b),
  ],
  [
    'subtract',
    {
      inputs: [
        [3, 5],
        [3, 5],
      ],
      build: ([a, b]) => subtract(a, b),
    },
    ([a, b]) => tf.sub(a, b),
  ],
  [
    'multiply',
    {
      inputs: [
        [3, 5],
        [3, 5],
      ],
      build: ([a, b]) => multiply(a, b),
    },
    ([a, b]) => tf.mul(a, b),
  ],
  ['scale', { inputs: [[3, 5]], build: ([x]) => scale(x, -1.5) }, ([x]) => tf.mul(x, -1.5)],
  ['addBias', { inputs: [[6, 5], [5]], build: ([x, b]) => addBias(x, b) }, ([x, b]) => tf.add(x, b)],
  [
    'concat',
    {
      inputs: [
        [4, 3],
        [4, 1],
        [4, 6],
      ],
      build: (parts) => concat(parts),
    },
    (parts) => tf.concat(parts, 1),
  ],
  [
    'gather',
    { inputs: [[6, 5]], build: ([table], graph) => gather(table, graph.indices(rows, 6)) },
    ([table]) => tf.gather(table, tf.tensor1d(rows, 'int32')),
  ],
  ['silu', { inputs: [[6, 7]], build: ([x]) => silu(x) }, ([x]) => tf.mul(x, tf.sigmoid(x))],
  ['relu', { inputs: [[6, 7]], build: ([x]) => relu(x) }, ([x]) => tf.relu(x)],
  ['tanh', { inputs: [[6, 7]], build: ([x]) => tanh(x) }, ([x]) => tf.tanh(x)],
  ['sigmoid', { inputs: [[6, 7]], build: ([x]) => sigmoid(x) }, ([x]) => tf.sigmoid(x)],
  [
    'gelu',
    { inputs: [[6, 7]], build: ([x]) => gelu(x) },
    ([x]) => tf.mul(tf.mul(0.5, x), tf.add(1, tf.tanh(tf.mul(Math.sqrt(2 / Math.PI), tf.add(x, tf.mul(0.044715, tf.pow(x, 3))))))),
  ],
  ['sum', { inputs: [[3, 5]], build: ([x]) => sum(x) }, ([x]) => tf.sum(x)],
  ['mean', { inputs: [[3, 5]], build: ([x]) => mean(x) }, ([x]) => tf.mean(x)],
  [
    'squaredError',
    {
      inputs: [
        [3, 5],
        [3, 5],
      ],
      build: ([a, b]) => squaredError(a, b),
    },
    ([a, b]) => tf.mean(tf.squaredDifference(a, b)),
  ],
  [
    'softmaxCrossEntropy',
    { inputs: [[5, 7]], build: ([z], graph) => softmaxCrossEntropy(z, graph.indices(labels, 7)) },
    ([z]) => tf.neg(tf.mean(tf.sum(tf.mul(tf.logSoftmax(z), oneHot()), 1))),
  ],
  ['transpose', { inputs: [[3, 5]], build: ([x]) => transpose(x) }, ([x]) => tf.transpose(x)],
  ['reshape', { inputs: [[3, 8]], build: ([x]) => reshape(x, [4, 6]) }, ([x]) => tf.reshape(x, [4, 6])],
];

beforeAll(async () => {
  // Leaves out TensorFlow.js's advertisement.
  tf.env().set('IS_TEST', true);
  await tf.setBackend('cpu');
});

test.each(cases)('%s: value and gradients as TensorFlow.js has them', (_name, opCase, theirs) => {
  const given = drawArguments(opCase);
  const ours = runOp(referenceBackend(), 'f64', opCase, given);
  const tensors = given.inputs.map((values, index) => tf.tensor(Float32Array.from(values), [...opCase.inputs[index]]));
  const upstream = tf.tensor(Float32Array.from(given.upstream), [...given.shape]);
  const { grads } = tf.valueAndGrads((...xs: tf.Tensor[]) => tf.sum(tf.mul(theirs(xs), upstream)))(tensors);
  expectClose(ours.value, theirs(tensors).dataSync(), 2e-6, 'value');
  grads.forEach((gradient, index) => expectClose(ours.gradients[index], gradient.dataSync(), 2e-6, `gradient ${index}`));
});
