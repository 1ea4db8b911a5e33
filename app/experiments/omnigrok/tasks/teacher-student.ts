/** A network learns what another of the same shape says of normal inputs (figure 2). */
import { exp } from '#app/numerics/elementary.ts';
import { stream } from '#app/numerics/random.ts';
import { linearInitials } from '../../initial.ts';
import { teacherWidth, type OmnigrokParameters } from '../parameters.ts';
import { layersOf, leakySlope, normals, perceptronOfNumbers } from './networks.ts';
import type { Samples, Task } from './task.ts';

/** Activations from elementary functions that never change, since what the teacher says is trained on. */
const formulas: Readonly<Record<OmnigrokParameters['activation'], (x: number) => number>> = {
  tanh: (x) => {
    const shrunk = exp(-2 * Math.abs(x));
    return (Math.sign(x) * (1 - shrunk)) / (1 + shrunk);
  },
  relu: (x) => Math.max(x, 0),
  silu: (x) => x / (1 + exp(-x)),
  'leaky-relu': (x) => (x > 0 ? x : leakySlope * x),
};

/** The teacher: PyTorch's initial values, drawn by its own seed. Answers a row of numbers. */
function teacherOf({ hiddenWidths, activation, teacherSeed }: OmnigrokParameters): (x: ArrayLike<number>) => Float64Array {
  const random = stream(teacherSeed, 'teacher');
  const layers = layersOf('teacher', [teacherWidth, ...hiddenWidths, teacherWidth]).map(({ inputs, outputs }) => ({
    outputs,
    ...linearInitials(random, inputs, outputs),
  }));
  return (x) => {
    let signal = Float64Array.from(x);
    layers.forEach(({ outputs, weight, bias }, layer) => {
      const input = layer > 0 ? signal.map(formulas[activation]) : signal;
      signal = bias.slice();
      input.forEach((value, i) => {
        for (let j = 0; j < outputs; j += 1) signal[j] += value * weight[i * outputs + j];
      });
    });
    return signal;
  };
}

export function teacherStudent(parameters: OmnigrokParameters): Task {
  const teacher = teacherOf(parameters);
  const random = stream(parameters.dataSeed, 'data');
  const samples = (rows: number): Samples => {
    const values = normals(random, rows * teacherWidth, 1);
    const answers = new Float64Array(values.length);
    for (let at = 0; at < values.length; at += teacherWidth) answers.set(teacher(values.subarray(at, at + teacherWidth)), at);
    return { rows, inputs: { kind: 'numbers', width: teacherWidth, values }, values: answers };
  };
  const test = samples(parameters.testSamples);
  return {
    // Drawn first, test samples stay the same when there are more to train on.
    test,
    train: samples(parameters.trainingSamples),
    target: { kind: 'number', width: teacherWidth },
    objective: 'mse',
    network: (outputs) => perceptronOfNumbers(teacherWidth, outputs, parameters),
  };
}
