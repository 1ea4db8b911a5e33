import { column } from './elementwise.ts';
import { setting, type Kernel } from './kernel.ts';

const product: Kernel = ({ tf, operation, inputs: [a, b] }) => {
  const [transposeA, transposeB] = operation.attributes as readonly boolean[];
  return tf.matMul(a, b, transposeA, transposeB);
};

/** Products, sums along axes, and operations that only move numbers. */
export const layout: Readonly<Record<string, Kernel>> = {
  matmul: product,
  batchedMatmul: product,
  transpose: ({ tf, inputs: [x] }) => tf.transpose(x),
  swapMiddle: ({ tf, inputs: [x] }) => tf.transpose(x, [0, 2, 1, 3]),
  concat: ({ tf, inputs }) => tf.concat([...inputs], 1),
  sliceColumns: (call) => call.tf.slice(call.inputs[0], [0, setting(call, 0)], call.shape),
  padColumns: (call) => {
    const [x] = call.inputs;
    const start = setting(call, 0);
    return call.tf.pad(x, [
      [0, 0],
      [start, setting(call, 1) - start - x.shape[1]],
    ]);
  },
  repeatRow: ({ tf, inputs: [x], shape: [rows] }) => tf.tile(tf.reshape(x, [1, x.shape[0]]), [rows, 1]),
  gather: ({ tf, inputs: [table], indices: [rows] }) => tf.gather(table, rows),
  sumGathered: ({ tf, inputs: [x], indices: [rows], shape: [count] }) => tf.unsortedSegmentSum(x, rows, count),
  fill: (call) => call.tf.mul(call.tf.fill(call.shape, setting(call, 1)), call.tf.reshape(call.inputs[0], [])),
  fillRows: (call) => {
    const { tf, shape } = call;
    const [scalar, weights] = call.inputs;
    const rows = tf.mul(tf.mul(tf.reshape(scalar, []), setting(call, 1)), weights);
    return tf.mul(tf.fill(shape, 1), tf.reshape(rows, [shape[0], ...shape.slice(1).map(() => 1)]));
  },
  sum: ({ tf, inputs: [x] }) => tf.sum(x),
  mean: ({ tf, inputs: [x] }) => tf.mean(x),
  sumOfWeighted: ({ tf, inputs: [x, weights] }) => tf.sum(tf.mul(tf.reshape(x, [x.shape[0], -1]), column(tf, weights))),
  meanOfWeighted: ({ tf, inputs: [x, weights] }) => {
    const rows = tf.mean(tf.reshape(x, [x.shape[0], -1]), 1);
    return tf.div(tf.sum(tf.mul(rows, weights)), tf.sum(weights));
  },
  sumRows: ({ tf, inputs: [x] }) => tf.sum(x, 0),
  sumColumns: ({ tf, inputs: [x] }) => tf.sum(x, 1),
  norm: ({ tf, inputs }) => tf.sqrt(inputs.map((x) => tf.sum(tf.square(x))).reduce((total, squares) => tf.add(total, squares))),
};
