/** Curves and a small experiment for tests of landscapes. */
import { z } from 'zod';
import type { Experiment, LandscapeInfo } from '#app/experiments/experiment.ts';
import { realNumber, seed, wholeNumber } from '#app/experiments/fields.ts';
import { field } from '#app/experiments/parameters.ts';
import type { CurvePoint } from './shape.ts';

/**
 * Reduced losses of teacher and student as the authors' notebook prints them (KindXiaoming/Omnigrok, step 9800, seed 1), against
 * the norm in units of the initial one; a training loss that is printed as below 1e-6 stands as that.
 */
export const officialTable: readonly CurvePoint[] = (
  [
    [0.1, 1.42e-2, 1.64e-2],
    [0.158, 7.43e-3, 1.17e-2],
    [0.251, 1.4e-3, 2.27e-3],
    [0.398, 8.6e-5, 3.3e-4],
    [0.631, 1e-6, 8.6e-5],
    [1, 1e-6, 7.8e-5],
    [1.585, 1e-6, 1.47e-3],
    [2.512, 1e-6, 4.06e-2],
    [3.98, 1e-6, 0.429],
    [6.31, 1e-6, 2.44],
    [10, 1e-6, 9.62],
  ] as const
).map(([norm, train, test]) => ({ norm, train, test }));

const about = (label: string, minimum = 0, maximum = 2 ** 32 - 1) => ({ label, help: label, group: 'All', minimum, maximum });

export const landscapeOfPinned: LandscapeInfo = {
  scale: 'alpha',
  scales: { from: 0.1, to: 10, count: 11 },
  pinned: () => ({ pinNorm: true, pinnedNorm: 0, decay: 0, steps: 50 }),
  pinnedAt: (norm) => ({ pinNorm: true, pinnedNorm: norm, decay: 0 }),
  interventions: [],
  norm: 'norm',
  normSeries: 'norm',
  timing: {
    initialNorm: 'initialNorm',
    fitted: 'fitted',
    generalised: 'generalised',
    normAtGeneralising: 'normThere',
    learningRate: 'rate',
    weightDecay: 'decay',
    passes: { curve: 'error', limit: () => 0.05 },
  },
  curves: [
    {
      id: 'loss',
      label: 'loss',
      unit: '',
      scale: 'log',
      train: 'trainLoss',
      test: 'testLoss',
      trainSeries: 'trainLoss',
      testSeries: 'testLoss',
    },
    {
      id: 'error',
      label: 'error',
      unit: '',
      scale: 'linear',
      train: 'trainError',
      test: 'testError',
      trainSeries: 'trainAccuracy',
      testSeries: 'testAccuracy',
      ofSeries: (accuracy) => 1 - accuracy,
    },
  ],
  free: ['pinNorm', 'pinnedNorm', 'decay', 'rate', 'steps'],
  seeds: ['seed'],
};

/** What landscapes need of an experiment. It trains nothing. */
export const pinned = {
  id: 'pinned',
  title: 'Pinned',
  parameters: z.object({
    alpha: field(realNumber(0.001, 1000, 'the scale').default(1), about('Scale', 0.001, 1000)),
    samples: field(wholeNumber(1, 10_000, 'the number of samples').default(100), about('Samples', 1, 10_000)),
    kind: field(z.enum(['one', 'two']).default('one'), about('Kind')),
    depth: field(wholeNumber(1, 10, 'the depth').default(2), { ...about('Depth', 1, 10), appliesWhen: { field: 'kind', is: ['two'] } }),
    pinNorm: field(z.boolean().default(false), about('Pin')),
    pinnedNorm: field(realNumber(0, 1e6, 'the norm').default(0), about('Norm', 0, 1e6)),
    decay: field(realNumber(0, 100, 'the decay').default(0.1), about('Decay', 0, 100)),
    rate: field(realNumber(0, 1, 'the rate').default(1e-3), about('Rate', 0, 1)),
    steps: field(wholeNumber(1, 1e6, 'the steps').default(1000), about('Steps', 1, 1e6)),
    seed: field(seed('network').default(0), about('Seed')),
  }),
  presets: [],
  outcomes: ['trainLoss', 'testLoss', 'trainError', 'testError', 'norm'].map((id) => ({
    id,
    label: id,
    unit: '',
    help: id,
    kind: 'number',
  })),
  phases: [],
  hatches: [],
  publishedMaps: [],
  landscape: landscapeOfPinned,
} as unknown as Experiment;
