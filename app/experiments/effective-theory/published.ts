/** Phase diagrams that the authors published, cell by cell, to be laid beside one's own. */
import type { PublishedMap } from '../experiment.ts';

const phases: Readonly<Record<string, string>> = { C: 'comprehension', G: 'grokking', M: 'memorization', '.': 'confusion' };

/** Phase ids of rows drawn with one letter a cell; `.` is confusion. */
const read = (rows: readonly string[]): string[] => rows.flatMap((row) => Array.from(row, (letter) => phases[letter]));

/** 10^-5 .. 10^-2, three a decade, to nine digits. */
const threeADecade = [1e-5, 2.15443469e-5, 4.64158883e-5, 1e-4, 2.15443469e-4, 4.64158883e-4, 1e-3, 2.15443469e-3, 4.64158883e-3, 1e-2];
/** 10^-4 .. 10^-2, five a decade, to nine digits. */
const fiveADecade = [
  1e-4, 1.58489319e-4, 2.51188643e-4, 3.98107171e-4, 6.30957344e-4, 1e-3, 1.58489319e-3, 2.51188643e-3, 3.98107171e-3, 6.30957344e-3, 1e-2,
];

/** Each of one seed: single cells flip with the seed, regions do not. */
export const publishedMaps: readonly PublishedMap[] = [
  {
    id: 'learning-rates',
    label: 'Learning rates, 10 000 steps (Liu et al., as figure 6a)',
    source: 'Liu et al. 2022, result files of the official code, phase_diagram_plot; one seed, gap 1000 steps',
    parameters: { steps: 10_000 },
    x: { parameter: 'embeddingRate', values: threeADecade },
    y: { parameter: 'decoderRate', values: threeADecade },
    outcome: 'phase',
    cells: read([
      '....MMMM..',
      '....GGGGGG',
      '..MMMCGGGG',
      'MMMMMMCCCC',
      'MMMMMMMCCC',
      'MMMMMMMCCC',
      'MMMMMMMMCC',
      'MMMMMMMMMC',
      'MMMMMMMMMM',
      'MMMMMMMMMM',
    ]),
  },
  {
    id: 'decoder-decay',
    label: 'Decoder rate and weight decay, 100 000 steps (Liu et al., figure 6b)',
    source: 'Liu et al. 2022, figure 6b; result files of the official code, phase_diagram_plot; one seed, gap 1000 steps',
    parameters: { steps: 100_000 },
    x: { parameter: 'decoderRate', values: fiveADecade },
    y: { parameter: 'decoderDecay', values: [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10] },
    outcome: 'phase',
    cells: read([
      'CCCMMMMMMMM',
      'CCCMMMMMMMM',
      'CCCMMMMMMMM',
      'CCCMMMMMMM.',
      'GCCMMMMM...',
      'GGCMMMM....',
      'GGGC.......',
      'GGGG.......',
      'GGGMM......',
      'GGGMMM.....',
      'MMMMM......',
    ]),
  },
];
