import type { Tour } from '#app/tours/tour.ts';

/** Which circles survive, and the linear law that says so (Ding et al. 2024). */
export const survivalTour: Tour = {
  runs: [{ preset: 'fast', name: 'Addition modulo 31' }],
  sweep: null,
  steps: [
    {
      title: 'A network learns to add on a clock',
      text: 'It is shown pairs of tokens $a, b$ and has to say $a + b \\bmod 31$. All it can choose is a vector for every token, its embedding. In the picture these vectors are seen along 15 planes, one for each frequency $k$.',
      shows: 0,
      at: 'start',
      picture: 'rings',
    },
    {
      title: 'Every circle is there at the start',
      text: 'At step 0 the embedding is random, so each frequency carries a signal $s_k$ of about the same size: the length of the Fourier component $k$. No circle is visible yet, but none is missing either.',
      shows: 0,
      at: 'start',
      panel: 'signals',
    },
    {
      title: 'The circles compete',
      text: 'Weight decay makes keeping a circle costly, and a few are enough to add. Most signals die out, a few grow, and the tokens of the winners arrange themselves in order around their circles.',
      shows: 0,
      at: 'start',
      film: true,
      picture: 'rings',
      panel: 'signals',
    },
    {
      title: 'The winners are fixed early',
      text: 'From the step marked “winners fixed” on, the set of surviving circles does not change any more, long before the network is done.',
      shows: 0,
      at: { milestone: 'winners-fixed' },
      panel: 'signals',
    },
    {
      title: 'Who survives can be told from the start',
      text: 'Circles that begin with a larger signal $s_k(0)$ and a larger gradient $g_k$ tend to survive. Each point is one frequency, in the colour of its circle.',
      shows: 0,
      at: 'end',
      panel: 'gradient-scatter',
    },
    {
      title: 'A linear law describes the contest',
      text: 'The signals follow $\\dot s = A s + b$. The coupling $A_{ij}$ says how circle $j$ helps or harms circle $i$; it is fitted to this very run, and its $R^2$ stands below.',
      shows: 0,
      at: 'end',
      panel: 'coupling',
    },
    {
      title: 'The law, integrated',
      text: 'Started from the signals of step 0, the fitted equations retrace what the network did. Now train one yourself: fork this run with another weight decay, and see whether the same circles win.',
      shows: 0,
      at: 'end',
      panel: 'trajectories',
    },
  ],
};
