import type { ReadySweep } from '../experiment.ts';
import type { SurvivalParameters } from './parameters.ts';

/** Maps that the paper does not draw. */
export const survivalSweeps: readonly ReadySweep<SurvivalParameters>[] = [
  {
    id: 'survivors',
    label: 'How many circles survive',
    source: 'Not in the paper: whether faster learning or stronger weight decay leaves fewer circles alive.',
    preset: 'fast',
    parameters: {},
    axes: [
      { kind: 'range', parameter: 'learningRate', scale: 'log', from: 1e-3, to: 1e-1, count: 9 },
      { kind: 'range', parameter: 'weightDecay', scale: 'linear', from: 0, to: 2, count: 9 },
    ],
    seeds: 3,
  },
  {
    id: 'width-and-data',
    label: 'Embedding width and training fraction',
    source: 'Not in the paper: how wide an embedding, and how many pairs, it takes until circles generalise.',
    preset: 'fast',
    parameters: {},
    axes: [
      { kind: 'list', parameter: 'embeddingWidth', values: [2, 4, 8, 16, 32, 64] },
      { kind: 'range', parameter: 'trainingFraction', scale: 'linear', from: 0.3, to: 0.9, count: 7 },
    ],
    seeds: 3,
  },
  {
    id: 'frozen-width',
    label: 'Frozen embedding: modulus and width',
    source: 'The paper says that a frozen random embedding generalises if it is about as wide as the modulus; the axes are chosen here.',
    preset: 'frozen-embedding',
    parameters: {},
    axes: [
      { kind: 'list', parameter: 'modulus', values: [11, 17, 23, 31, 41, 59] },
      { kind: 'list', parameter: 'embeddingWidth', values: [4, 8, 16, 32, 64, 128] },
    ],
    seeds: 1,
  },
];
