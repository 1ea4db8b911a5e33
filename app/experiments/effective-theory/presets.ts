import type { Preset } from '../experiment.ts';
import { effectiveTheoryParameters } from './parameters.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';

const preset = (
  id: string,
  label: string,
  help: string,
  changes: Partial<EffectiveTheoryParameters> = {},
): Preset<EffectiveTheoryParameters> => ({ id, label, help, parameters: effectiveTheoryParameters.parse(changes) });

/** Named parameter sets. Seeds are 0 everywhere; which phase a run ends in depends on them too, as the texts say. */
export const effectiveTheoryPresets: readonly Preset<EffectiveTheoryParameters>[] = [
  preset(
    'paper',
    'Paper',
    'The toy model of the paper: with this seed the ten symbols line up within about 1,000 steps and the network comprehends. With others two symbols may be stuck in the wrong order.',
  ),
  preset(
    'classification',
    'Classification',
    'The same with cross-entropy over the 19 sums: the symbols line up within about 650 steps and the network comprehends.',
    { objective: 'classification' },
  ),
  preset(
    'memorization',
    'Memorization',
    'The decoder learns a hundred times faster than in the paper and fits the training pairs within 200 steps, before the symbols have found an order.',
    { decoderRate: 1e-2 },
  ),
  preset('confusion', 'Confusion', 'Embedding and decoder learn so slowly that not even the training pairs are fitted within the run.', {
    embeddingRate: 1e-5,
    decoderRate: 1e-5,
  }),
  preset(
    'grokking',
    'Grokking',
    'Strong weight decay holds the decoder back: it fits after about 3,500 steps and generalises after about 18,000. In this region of the map single runs are not reliable: of three seeds one memorised.',
    { decoderDecay: 8, steps: 20_000 },
  ),
  preset(
    'two-dimensions',
    'Two dimensions',
    'Symbols in a plane fit sooner, and without lining up: about 60 % of the parallelograms close, training pairs are all right, test pairs are not.',
    { embeddingWidth: 2 },
  ),
  preset(
    'permutations',
    'Permutations',
    'The six permutations of three as 3 × 3 matrices that are multiplied. With this seed they become a representation of the group, long after the network generalises; with most seeds it memorises.',
    { task: 'permutations', trainingPairs: 24, embeddingScale: 0.1, decoderRate: 1e-3, decoderDecay: 3, closeness: 0.5 },
  ),
  preset(
    'modular',
    'Modular addition',
    'Sums modulo 23 from embeddings of 32 dimensions. The network groks although not one parallelogram closes, so a wide embedding has other ways than the symbols on a line.',
    {
      task: 'modular',
      symbols: 23,
      objective: 'classification',
      embeddingWidth: 32,
      hiddenWidths: [100, 100],
      trainingPairs: 230,
      batchSize: 230,
      decoderRate: 1e-3,
      decoderDecay: 3,
    },
  ),
  preset(
    'transformer',
    'Transformer',
    'A transformer of one block learns all ordered pairs modulo 23, as the large model of the paper at a size for one core. Strong weight decay shortens the wait: it fits after about 300 steps and generalises after about 2,000.',
    {
      task: 'modular',
      symbols: 23,
      decoder: 'transformer',
      objective: 'classification',
      embeddingWidth: 64,
      hiddenWidths: [128],
      trainingPairs: 423,
      batchSize: 423,
      decoderRate: 3e-4,
      decoderDecay: 6,
      embeddingDecay: 0.01,
      steps: 2500,
    },
  ),
];
