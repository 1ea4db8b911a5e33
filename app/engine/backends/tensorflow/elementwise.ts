import type { TensorFlow, TfTensor } from './interface.ts';
import { setting, type Kernel } from './kernel.ts';

/**
 * An activation and its derivative, the auxiliary result.
 * @param both gives y = f(x) and a function that gives f'(x)
 */
function activation(both: (tf: TensorFlow, x: TfTensor) => readonly [value: TfTensor, derivative: () => TfTensor]): Kernel {
  return ({ tf, inputs: [x], wants }) => {
    const [value, derivative] = both(tf, x);
    return wants(0) ? [value, derivative()] : value;
  };
}

const geluFactor = 0.7978845608028654;
const geluCubic = 0.044715;

/** Operations whose elements depend on those of the same place, or on broadcast ones. */
export const elementwise: Readonly<Record<string, Kernel>> = {
  add: ({ tf, inputs: [a, b] }) => tf.add(a, b),
  subtract: ({ tf, inputs: [a, b] }) => tf.sub(a, b),
  multiply: ({ tf, inputs: [a, b] }) => tf.mul(a, b),
  addBias: ({ tf, inputs: [x, bias] }) => tf.add(x, bias),
  scale: (call) => call.tf.mul(call.inputs[0], setting(call, 0)),
  affine: (call) => call.tf.add(call.tf.mul(call.inputs[0], setting(call, 0)), setting(call, 1)),
  scaleBy: ({ tf, inputs: [x, factor] }) => tf.mul(x, tf.reshape(factor, [])),
  scaleColumns: ({ tf, inputs: [x, factors] }) => tf.mul(x, factors),
  scaleRows: ({ tf, inputs: [x, factors] }) => tf.mul(x, column(tf, factors)),
  copy: ({ tf, inputs: [x] }) => tf.clone(x),
  relu: activation((tf, x) => [tf.relu(x), () => tf.cast(tf.greater(x, 0), 'float32')]),
  tanh: activation((tf, x) => {
    const y = tf.tanh(x);
    return [y, () => tf.sub(1, tf.square(y))];
  }),
  sigmoid: activation((tf, x) => {
    const y = tf.sigmoid(x);
    return [y, () => tf.mul(y, tf.sub(1, y))];
  }),
  silu: activation((tf, x) => {
    const s = tf.sigmoid(x);
    return [tf.mul(x, s), () => tf.mul(s, tf.add(1, tf.mul(x, tf.sub(1, s))))];
  }),
  gelu: activation((tf, x) => {
    const square = tf.square(x);
    const s = tf.sigmoid(tf.mul(2 * geluFactor, tf.mul(x, tf.add(1, tf.mul(geluCubic, square)))));
    const slope = () => tf.mul(geluFactor, tf.add(1, tf.mul(3 * geluCubic, square)));
    return [tf.mul(x, s), () => tf.add(s, tf.mul(tf.mul(2, tf.mul(x, tf.mul(s, tf.sub(1, s)))), slope()))];
  }),
};

/** [n] as [n, 1], to be broadcast over columns. */
export const column = (tf: TensorFlow, x: TfTensor): TfTensor => tf.reshape(x, [x.shape[0], 1]);
