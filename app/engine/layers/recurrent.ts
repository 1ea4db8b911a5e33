import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { reshape } from '../ops/reshape.ts';
import { sliceColumns } from '../ops/sliceColumns.ts';
import { formatShape } from '../shapes.ts';

/**
 * Sequences cut into time steps: [n, T, c] -> T matrices [n, c]. A constant is cut at build time, so a step copies nothing.
 * @throws LotkaError unless the sequences have three axes
 */
export function timeSteps(sequences: Tensor): Tensor[] {
  if (sequences.shape.length !== 3) {
    throw new LotkaError(
      'bad-input',
      `timeSteps: sequences must be of shape [count, length, channels], not ${formatShape(sequences.shape)}; reshape them first.`,
    );
  }
  const [count, length, channels] = sequences.shape;
  const { values, graph } = sequences;
  return Array.from({ length }, (_, time) => {
    if (!values) return sliceColumns(reshape(sequences, [count, length * channels]), time * channels, channels);
    const at = (row: number, channel: number): number => values[(row * length + time) * channels + channel];
    const step = Float64Array.from({ length: count * channels }, (_, i) => at(Math.floor(i / channels), i % channels));
    return graph.constant(step, [count, channels]);
  });
}

/**
 * A recurrence unrolled in the graph: h_t = cell(h_{t-1}, x_t) for t = 1..T. Gradients run back through all steps.
 * @param inputs x_1..x_T, e.g. from `timeSteps`
 * @param initial h_0
 * @param cell builds one step; it may use the same parameters in every step, as recurrent networks do
 * @returns h_1..h_T
 * @throws LotkaError if there is no step, or a state's shape is not that of the state before it
 */
export function unroll(inputs: readonly Tensor[], initial: Tensor, cell: (state: Tensor, input: Tensor, time: number) => Tensor): Tensor[] {
  if (inputs.length === 0) throw new LotkaError('bad-input', 'unroll: give at least one time step.');
  const states: Tensor[] = [];
  let state = initial;
  inputs.forEach((input, time) => {
    const next = cell(state, input, time);
    if (formatShape(next.shape) !== formatShape(state.shape)) {
      throw new LotkaError(
        'bad-input',
        `unroll: step ${time} turns a state of shape ${formatShape(state.shape)} into ${formatShape(next.shape)}; the shapes must be equal.`,
      );
    }
    states.push((state = next));
  });
  return states;
}
