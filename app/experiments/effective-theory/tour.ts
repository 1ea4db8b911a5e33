import type { Tour } from '#app/tours/tour.ts';

/** How structure comes about, and the phases of learning (Liu et al. 2022). */
export const effectiveTheoryTour: Tour = {
  runs: [
    { preset: 'paper', name: 'Comprehension' },
    { preset: 'memorization', name: 'Memorization' },
  ],
  sweep: {
    name: 'Phases over the two learning rates',
    preset: 'paper',
    parameters: { steps: 5000 },
    axes: [
      { kind: 'range', parameter: 'embeddingRate', scale: 'log', from: 1e-5, to: 1e-2, count: 7 },
      { kind: 'range', parameter: 'decoderRate', scale: 'log', from: 1e-5, to: 1e-2, count: 7 },
    ],
  },
  steps: [
    {
      title: 'Ten symbols, no meaning yet',
      text: 'A network learns to add ten symbols. It does not know that they are numbers: each begins as a random point, its embedding. All it sees is that some pairs have the same sum.',
      shows: 0,
      at: 'start',
      picture: 'parallelograms',
    },
    {
      title: 'Equal sums pull symbols into a line',
      text: 'If $i + j = m + n$, the decoder is best served by $E_i + E_j = E_m + E_n$: a parallelogram that closes. Every training pair adds such a pull, and together they leave only one shape, a line with equal steps.',
      shows: 0,
      at: 'start',
      film: true,
      picture: 'parallelograms',
      panel: 'embedding-lines',
    },
    {
      title: 'Structure is what generalises',
      text: 'The representation quality counts the parallelograms that are closed. When it is high, sums that were never shown come out right too: test accuracy follows it, not the training accuracy.',
      shows: 0,
      at: 'end',
      panel: 'quality',
    },
    {
      title: 'An effective theory predicts it',
      text: 'The embedding moves as if under an effective loss alone. Its matrix has eigenvalues that depend on the training pairs only; the slowest one sets the time to a line, $t \\propto 1 / \\lambda_3$.',
      shows: 0,
      at: 'end',
      panel: 'effective-flow',
    },
    {
      title: 'A fast decoder memorises instead',
      text: 'Here the decoder learns a hundred times faster. It fits the training pairs while the symbols are still in disorder; nothing pulls them any more, and the sums that were not shown stay wrong.',
      shows: 1,
      at: 'end',
      picture: 'parallelograms',
      panel: 'accuracies',
    },
    {
      title: 'Four phases of learning',
      text: 'The same network at 49 pairs of learning rates. Comprehension, grokking, memorization and confusion each have a region of their own: which one a network ends in is a matter of how fast its parts learn.',
      shows: 'sweep',
    },
  ],
};
