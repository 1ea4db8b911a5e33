import { column } from './elementwise.ts';
import type { TfTensor } from './interface.ts';
import { setting, type Call, type Kernel } from './kernel.ts';

/** Losses, with their gradients as auxiliary results, and what is measured instead of a loss. */
export const losses: Readonly<Record<string, Kernel>> = {
  softmaxCrossEntropy: (call) => crossEntropy(call, undefined),
  weightedSoftmaxCrossEntropy: (call) => crossEntropy(call, call.inputs[1]),
  stableMaxCrossEntropy: ({ tf, inputs: [logits], indices: [labels], wants }) => {
    const [rows, classes] = logits.shape;
    const above = tf.logicalNot(tf.less(logits, 0));
    const weights = tf.where(above, tf.add(logits, 1), tf.div(1, tf.sub(1, logits)));
    const mass = tf.sum(weights, 1, true);
    const target = tf.oneHot(labels, classes);
    const right = tf.sum(tf.mul(target, weights), 1, true);
    const value = tf.mean(tf.sub(tf.log(mass), tf.log(right)));
    if (!wants(0)) return value;
    const own = tf.where(above, 1, tf.square(weights));
    const slope = tf.sub(tf.div(own, mass), tf.mul(target, tf.div(own, weights)));
    return [value, tf.div(slope, rows)];
  },
  squaredError: ({ tf, inputs: [a, b], operation, wants }) => {
    const difference = tf.sub(a, b);
    const value = tf.mean(tf.square(difference));
    return wants(0) ? [value, tf.mul(2 / operation.inputs[0].size, difference)] : value;
  },
  weightedSquaredError: ({ tf, inputs: [a, b, weights], operation, wants }) => {
    const difference = tf.sub(a, b);
    const flat = tf.reshape(difference, [a.shape[0], -1]);
    const columns = operation.inputs[0].size / a.shape[0];
    const shares = tf.div(weights, tf.mul(columns, tf.sum(weights)));
    const weighted = tf.mul(flat, column(tf, shares));
    const value = tf.sum(tf.mul(weighted, flat));
    return wants(0) ? [value, tf.reshape(tf.mul(2, weighted), a.shape)] : value;
  },
  halfLogSquaredError: ({ tf, inputs: [a, b], operation, wants }) => {
    const count = operation.inputs[0].size;
    const difference = tf.sub(a, b);
    const square = tf.square(difference);
    const value = tf.mul(0.5 / count, tf.sum(tf.log1p(square)));
    if (!wants(0) && !wants(1)) return value;
    const bound = tf.add(1, square);
    return [value, tf.div(tf.div(difference, bound), count), tf.div(tf.div(tf.sub(1, square), tf.square(bound)), count)];
  },
  accuracy: (call) => call.tf.mean(rightRows(call)),
  weightedAccuracy: (call) => {
    const [, weights] = call.inputs;
    return call.tf.div(call.tf.sum(call.tf.mul(rightRows(call), weights)), call.tf.sum(weights));
  },
  nearestAccuracy: ({ tf, inputs: [points, candidates], indices: [labels] }) => {
    const [rows, columns] = points.shape;
    const [count] = candidates.shape;
    const differences = tf.sub(tf.reshape(points, [rows, 1, columns]), tf.reshape(candidates, [1, count, columns]));
    const distances = tf.sum(tf.square(differences), 2);
    const unknown = tf.isNaN(distances);
    const right = tf.equal(tf.argMin(tf.where(unknown, Infinity, distances), 1), labels);
    const labelled = tf.logicalAnd(tf.cast(tf.oneHot(labels, count), 'bool'), unknown);
    return tf.mean(tf.mul(tf.cast(right, 'float32'), tf.sub(1, tf.sum(tf.cast(labelled, 'float32'), 1))));
  },
  roundingAccuracy: ({ tf, inputs: [prediction, target] }) => tf.mean(tf.cast(tf.equal(tf.round(prediction), target), 'float32')),
  fractionBelow: (call) => {
    const { tf } = call;
    const [x] = call.inputs;
    // 0 * x keeps what is not a number.
    const below = tf.where(tf.isNaN(x), NaN, tf.cast(tf.less(x, setting(call, 0)), 'float32'));
    return tf.mean(below);
  },
  standardizeColumns: ({ tf, inputs: [x] }) => {
    const [rows, columns] = x.shape;
    const moved = tf.sub(x, tf.slice(x, [0, 0], [1, columns]));
    const centred = tf.sub(moved, tf.mean(moved, 0));
    return tf.div(centred, tf.sqrt(tf.div(tf.sum(tf.square(centred), 0), rows - 1)));
  },
};

function crossEntropy({ tf, inputs: [logits], indices: [labels], wants }: Call, weights: TfTensor | undefined): TfTensor | TfTensor[] {
  const [rows, classes] = logits.shape;
  const target = tf.oneHot(labels, classes);
  const logarithms = tf.logSoftmax(logits);
  // A class of probability zero that is not the label adds nothing, as 0 * log 0 would.
  const chosen = tf.sum(tf.where(tf.cast(target, 'bool'), logarithms, 0), 1);
  const shares = weights ? tf.div(weights, tf.sum(weights)) : undefined;
  const value = shares ? tf.mul(-1, tf.sum(tf.mul(shares, chosen))) : tf.mul(-1, tf.mean(chosen));
  if (!wants(0)) return value;
  const slope = tf.sub(tf.exp(logarithms), target);
  return [value, shares ? tf.mul(slope, column(tf, shares)) : tf.div(slope, rows)];
}

/** 1 for each row whose largest number, the first of equal ones and never NaN, is at its label. */
function rightRows({ tf, inputs: [logits], indices: [labels] }: Call): TfTensor {
  const unknown = tf.isNaN(logits);
  const right = tf.equal(tf.argMax(tf.where(unknown, -Infinity, logits), 1), labels);
  const labelled = tf.logicalAnd(tf.cast(tf.oneHot(labels, logits.shape[1]), 'bool'), unknown);
  return tf.mul(tf.cast(right, 'float32'), tf.sub(1, tf.sum(tf.cast(labelled, 'float32'), 1)));
}
