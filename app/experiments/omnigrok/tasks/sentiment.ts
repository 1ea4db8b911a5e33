/**
 * Synthetic reviews in place of IMDb: words by Zipf's law, of which one in twenty tells whether the review is good or bad. A network
 * reads the mean of the words' embeddings, where the paper has an LSTM over their sequence.
 */
import { matmul } from '#app/engine/index.ts';
import { stream } from '#app/numerics/random.ts';
import type { OmnigrokParameters } from '../parameters.ts';
import { normals, perceptron } from './networks.ts';
import type { Network, Samples, Task } from './task.ts';

export const vocabulary = 1000;
const tellingWords = 50;
const tellingShare = 0.05;
const lengths = { from: 50, to: 500 };

/** Sums of 1/k up to each word. */
const zipf = Float64Array.from({ length: vocabulary }, (_, k) => 1 / (k + 1));
for (let k = 1; k < vocabulary; k += 1) zipf[k] += zipf[k - 1];

/** The word where the sums reach a share of their total. */
function wordAt(share: number): number {
  const wanted = share * zipf[vocabulary - 1];
  let [low, high] = [0, vocabulary - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (zipf[middle] < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

export function sentiment(parameters: OmnigrokParameters): Task {
  const telling = stream(parameters.teacherSeed, 'words').permutation(vocabulary);
  const random = stream(parameters.dataSeed, 'data');
  const samples = (rows: number): Samples => {
    const labels = new Int32Array(rows);
    const values = new Float64Array(rows * vocabulary);
    for (let row = 0; row < rows; row += 1) {
      const label = (labels[row] = random.below(2));
      const length = lengths.from + random.below(lengths.to - lengths.from + 1);
      for (let at = 0; at < length; at += 1) {
        const word =
          random.uniform() < tellingShare ? telling[label * tellingWords + random.below(tellingWords)] : wordAt(random.uniform());
        values[row * vocabulary + word] += 1 / length;
      }
    }
    return { rows, inputs: { kind: 'numbers', width: vocabulary, values }, labels };
  };
  const test = samples(parameters.testSamples);
  return {
    test,
    train: samples(parameters.trainingSamples),
    target: { kind: 'class', classes: 2 },
    objective: 'cross-entropy',
    network: (outputs) => meanOfEmbeddings(outputs, parameters),
  };
}

/** Shares of words times their embeddings N(0, 1), then layers. */
function meanOfEmbeddings(outputs: number, { embeddingWidth, hiddenWidths, activation }: OmnigrokParameters): Network {
  const { tensors, apply } = perceptron([embeddingWidth, ...hiddenWidths, outputs], activation);
  const embedding = {
    name: 'embedding',
    shape: [vocabulary, embeddingWidth],
    draw: (random: Parameters<typeof normals>[0]) => normals(random, vocabulary * embeddingWidth, 1),
  };
  return {
    tensors: [embedding, ...tensors],
    apply: (tensor, { numbers }) => apply(tensor, matmul(numbers, tensor('embedding'))),
  };
}
