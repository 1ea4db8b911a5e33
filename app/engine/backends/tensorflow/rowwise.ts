import { column } from './elementwise.ts';
import type { TfTensor } from './interface.ts';
import { setting, type Call, type Kernel } from './kernel.ts';

/** Operations in which the numbers of a row (the last axis) meet. */
export const rowwise: Readonly<Record<string, Kernel>> = {
  softmax: ({ tf, operation, inputs: [x] }) => {
    const [causal] = operation.attributes as readonly boolean[];
    if (!causal) return tf.softmax(x);
    const size = x.shape[x.shape.length - 1];
    const hidden = tf.tensor(
      Float32Array.from({ length: size * size }, (_, at) => (at % size > Math.floor(at / size) ? 1 : 0)),
      [size, size],
    );
    return tf.softmax(tf.where(tf.cast(hidden, 'bool'), -Infinity, x));
  },
  softmaxGradient: ({ tf, inputs: [p, u] }) => tf.mul(p, tf.sub(u, tf.sum(tf.mul(p, u), -1, true))),
  normalizeRows: (call) => {
    const { tf } = call;
    const [x] = call.inputs;
    const centred = tf.sub(x, tf.mean(x, 1, true));
    const inverse = tf.div(1, tf.sqrt(tf.add(tf.mean(tf.square(centred), 1), setting(call, 0))));
    return [tf.mul(centred, column(tf, inverse)), inverse];
  },
  normalizeGradient: ({ tf, inputs: [y, inverse, u] }) => {
    const rest = tf.sub(tf.sub(u, tf.mean(u, 1, true)), tf.mul(y, tf.mean(tf.mul(u, y), 1, true)));
    return tf.mul(rest, column(tf, inverse));
  },
  topK: (call) => keepLargest(call, call.inputs[0].shape[0], setting(call, 0)),
  batchTopK: (call) => keepLargest(call, 1, setting(call, 0)),
};

/** What is kept of each of so many lists, and a mask of it. */
function keepLargest({ tf, inputs: [x], operation }: Call, lists: number, k: number): TfTensor[] {
  const { size } = operation.inputs[0];
  const length = size / lists;
  const ranks = tf.reshape(tf.where(tf.isNaN(x), Infinity, x), [lists, length]);
  const begins = tf.tensor(
    Int32Array.from({ length: lists }, (_, list) => list * length),
    [lists, 1],
    'int32',
  );
  const places = tf.reshape(tf.add(tf.topk(ranks, k).indices, begins), [lists * k]);
  const mask = tf.reshape(tf.unsortedSegmentSum(tf.fill([lists * k], 1), places, size), x.shape);
  return [tf.where(tf.cast(mask, 'bool'), x, 0), mask];
}
