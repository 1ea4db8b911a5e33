import type { LandscapeInfo } from '../experiment.ts';
import { interventions } from './interventions.ts';
import type { OmnigrokParameters } from './parameters.ts';

/** Steps after which a pinned network has become what it will, by task. */
const pinnedSteps: Readonly<Record<OmnigrokParameters['task'], number>> = {
  'teacher-student': 2000,
  digits: 1500,
  'modular-addition': 2500,
  transformer: 2000,
  latents: 5000,
  sentiment: 1500,
  molecules: 2000,
  dataset: 2000,
};

/** The landscapes of the paper: reduced losses and errors against the norm of all parameters. */
export const omnigrokLandscape: LandscapeInfo = {
  scale: 'initialScale',
  scales: { from: 0.1, to: 10, count: 9 },
  pinned: (parameters) => {
    const steps = pinnedSteps[parameters.task as OmnigrokParameters['task']];
    return { pinNorm: true, pinnedNorm: 0, weightDecay: 0, gradientTransform: 'none', steps, testEvery: steps / 50 };
  },
  pinnedAt: (norm) => ({ pinNorm: true, pinnedNorm: norm, weightDecay: 0 }),
  interventions,
  norm: 'finalNorm',
  normSeries: 'norm',
  timing: {
    initialNorm: 'initialNorm',
    fitted: 'stepsToFit',
    generalised: 'stepsToGeneralise',
    normAtGeneralising: 'normAtGeneralising',
    learningRate: 'learningRate',
    weightDecay: 'weightDecay',
    passes: { curve: 'error', limit: ({ accuracyThreshold }) => 1 - Number(accuracyThreshold) },
  },
  curves: [
    {
      id: 'loss',
      label: 'loss',
      unit: '',
      scale: 'log',
      train: 'finalTrainLoss',
      test: 'finalTestLoss',
      trainSeries: 'trainLoss',
      testSeries: 'testLoss',
    },
    {
      id: 'error',
      label: 'error',
      unit: '',
      scale: 'linear',
      train: 'bestTrainError',
      test: 'bestTestError',
      trainSeries: 'trainAccuracy',
      testSeries: 'testAccuracy',
      ofSeries: (accuracy) => 1 - accuracy,
    },
  ],
  free: [
    'initialScale',
    'pinNorm',
    'pinnedNorm',
    'weightDecay',
    'optimizer',
    'learningRate',
    'rateDropEvery',
    'secondMomentDecay',
    'gradientTransform',
    'grokfastDecay',
    'grokfastStrength',
    'batchSize',
    'batchSeed',
    'steps',
    'testEvery',
    'accuracyThreshold',
    'phaseGap',
  ],
  seeds: ['networkSeed'],
};
