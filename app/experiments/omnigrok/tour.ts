import type { Tour } from '#app/tours/tour.ts';

/** Why grokking happens: the L and the U (Liu, Michaud, Tegmark 2023). */
export const omnigrokTour: Tour = {
  runs: [
    { preset: 'teacher-student', name: 'From twice the usual norm' },
    { preset: 'teacher-student-small', name: 'From half the usual norm' },
    { preset: 'digits', name: 'Digits, eight times the usual norm' },
  ],
  sweep: { landscapeOf: 0 },
  steps: [
    {
      title: 'A network that understands late',
      text: 'A student learns from 100 answers of a teacher of its own shape. It fits them within about 1,000 steps, yet its answers to new questions become right only thousands of steps later. This is grokking.',
      shows: 0,
      at: 'end',
      panel: 'accuracies',
    },
    {
      title: 'The L and the U',
      text: 'Hold the norm of the weights at a value $w$ and train: what remains of the training loss looks like an L, what remains of the test loss like a U. Only near the bottom of the U, at $w_c$, are both small.',
      shows: 0,
      at: 'start',
    },
    {
      title: 'Down one wall, along the floor',
      text: 'The run began at twice the usual norm, on the far wall of the U: the training loss is zero there, the test loss is not. Nothing but weight decay moves it, slowly, to smaller norms.',
      shows: 0,
      at: 'start',
      film: true,
      panel: 'norm',
    },
    {
      title: 'The delay can be calculated',
      text: 'Weight decay $\\gamma$ and learning rate $\\eta$ shrink the norm as $e^{-\\eta\\gamma t}$, so generalising takes about $t = \\ln(w_0 / w_c) / (\\eta\\gamma)$ steps. Prediction and measurement stand beside each other.',
      shows: 0,
      at: { milestone: 'test-accuracy' },
      panel: 'timing',
    },
    {
      title: 'Begin small, and there is no delay',
      text: 'From half the usual norm, without any weight decay: the network generalises as soon as it fits. Grokking is not a property of the task but of where the weights begin.',
      shows: 1,
      at: 'end',
      panel: 'accuracies',
    },
    {
      title: 'Real digits can be made to grok',
      text: 'Two hundred handwritten digits usually generalise at once. From eight times the usual norm the training digits are known after 1,000 steps, seven in ten others only after 5,000.',
      shows: 2,
      at: 'end',
      panel: 'accuracies',
    },
    {
      title: 'The landscape itself',
      text: 'Nine norms, three seeds each, 2,000 steps: this sweep is all that the L and the U are drawn from. Compute one for your own network from the run screen, click its bottom, and train held there.',
      shows: 'sweep',
    },
  ],
};
