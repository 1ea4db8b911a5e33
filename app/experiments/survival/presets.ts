import type { Preset } from '../experiment.ts';
import { survivalParameters } from './parameters.ts';
import type { SurvivalParameters } from './parameters.ts';

const paper = survivalParameters.parse({});
const fast = survivalParameters.parse({ modulus: 31, embeddingWidth: 32, hiddenWidths: [64, 64] });

/** Named parameter sets. Seeds are 0 everywhere; survivors differ for every seed. */
export const survivalPresets: readonly Preset<SurvivalParameters>[] = [
  {
    id: 'fast',
    label: 'Fast',
    help: 'A small modulus: 15 circles compete and three or four survive, in seconds.',
    parameters: fast,
  },
  {
    id: 'paper',
    label: 'Paper',
    help: 'The network of the paper: 29 circles compete and four to six survive. The winners are fixed within these 1,500 of its 30,001 steps.',
    parameters: paper,
  },
  {
    id: 'two-circles',
    label: 'Two circles',
    help: 'Only circles 8 and 11 are there from the start. They cooperate: the network generalises within about 50 steps and keeps both. Pairs such as 1 and 2, which bring neighbouring tokens close together, take longer.',
    parameters: { ...paper, circles: 'keep', circleFrequencies: [8, 11], steps: 400 },
  },
  {
    id: 'one-circle',
    label: 'One circle',
    help: 'A single circle is there from the start. Alone it does worse than a random embedding: the test loss stays high.',
    parameters: { ...paper, circles: 'keep', circleFrequencies: [1], steps: 2500 },
  },
  {
    id: 'frozen-embedding',
    label: 'Frozen embedding',
    help: 'The random embedding never changes. The network generalises all the same, if the embedding is wide enough (d of the order of p).',
    parameters: { ...paper, freezeEmbedding: true, steps: 1000 },
  },
];
