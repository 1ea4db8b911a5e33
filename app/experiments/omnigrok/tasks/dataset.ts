/** Samples of a dataset: the real digits, or what somebody imported. */
import type { Dataset, DatasetSource } from '#app/datasets/dataset.ts';
import { stream } from '#app/numerics/random.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { OmnigrokParameters } from '../parameters.ts';
import { perceptronOfNumbers } from './networks.ts';
import type { Samples, Task } from './task.ts';

/** Id of the dataset that a run needs; null if it needs none. */
export const datasetOf = ({ task, dataset, digitSize }: Pick<OmnigrokParameters, 'task' | 'dataset' | 'digitSize'>): string | null =>
  task === 'digits' ? `digits-${digitSize}` : task === 'dataset' ? dataset : null;

/**
 * Rows drawn at random without repetition, test rows first, so that they stay the same when there are more to train on.
 * @param change of a row's numbers, given its class
 * @throws LotkaError `bad-input` if the dataset has too few rows
 */
function drawn(
  dataset: Dataset,
  { trainingSamples, testSamples, dataSeed }: OmnigrokParameters,
  change: (value: number, label: number) => number = (value) => value,
): Pick<Task, 'train' | 'test'> {
  const { rows, features, inputs, target, name } = dataset;
  if (trainingSamples + testSamples > rows)
    throw new LotkaError(
      'bad-input',
      `The dataset "${name}" has ${rows} rows, fewer than the ${trainingSamples} to train and ${testSamples} to test together; choose fewer.`,
    );
  const order = stream(dataSeed, 'data').permutation(rows);
  const samples = (chosen: Uint32Array): Samples => {
    const label = (row: number): number => (target.kind === 'class' ? target.labels[row] : 0);
    const values = new Float32Array(chosen.length * features);
    chosen.forEach((row, at) => {
      for (let i = 0; i < features; i += 1) values[at * features + i] = change(inputs[row * features + i], label(row));
    });
    const told =
      target.kind === 'class'
        ? { labels: Int32Array.from(chosen, label) }
        : {
            values: Float64Array.from(
              { length: chosen.length * target.width },
              (_, i) => target.values[chosen[Math.floor(i / target.width)] * target.width + (i % target.width)],
            ),
          };
    return { rows: chosen.length, inputs: { kind: 'numbers', width: features, values }, ...told };
  };
  return { test: samples(order.subarray(0, testSamples)), train: samples(order.subarray(testSamples, testSamples + trainingSamples)) };
}

/** What a run remembers of its data. */
const told = ({ id, name, hash }: Dataset): Task['dataset'] => ({ id, name, hash });

/** The real digits; messiness below 1 mixes in a grey level that tells the class: x' = m x + (1 − m) grey(class), from −0.5 to 0.5. */
export function digits(parameters: OmnigrokParameters, datasets: DatasetSource): Task {
  const { messiness } = parameters;
  const dataset = datasets(datasetOf(parameters)!);
  const grey = (label: number): number => -0.5 + label / 9;
  return {
    dataset: told(dataset),
    ...drawn(dataset, parameters, messiness === 1 ? undefined : (value, label) => messiness * value + (1 - messiness) * grey(label)),
    target: { kind: 'class', classes: 10 },
    objective: 'mse',
    network: (outputs) => perceptronOfNumbers(dataset.features, outputs, parameters),
  };
}

/** An imported dataset, of classes or numbers. @throws LotkaError `bad-input` if classes are to be learned where there are numbers */
export function imported(parameters: OmnigrokParameters, datasets: DatasetSource): Task {
  const dataset = datasets(parameters.dataset);
  const { target, features, name } = dataset;
  if (target.kind === 'number' && parameters.objective !== 'task' && parameters.objective !== 'mse')
    throw new LotkaError(
      'bad-input',
      `The dataset "${name}" has numbers to learn, for which there is the squared error only: choose objective = "mse", not "${parameters.objective}".`,
    );
  return {
    dataset: told(dataset),
    ...drawn(dataset, parameters),
    target: target.kind === 'class' ? { kind: 'class', classes: target.classes.length } : { kind: 'number', width: target.width },
    objective: target.kind === 'class' ? 'cross-entropy' : 'mse',
    network: (outputs) => perceptronOfNumbers(features, outputs, parameters),
  };
}
