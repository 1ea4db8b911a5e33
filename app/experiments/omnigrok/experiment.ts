import type { Experiment } from '../experiment.ts';
import { omnigrokClaims } from './claims/index.ts';
import { omnigrokFigures } from './figures/index.ts';
import { omnigrokLandscape } from './landscape.ts';
import { omnigrokMeasures } from './measures/index.ts';
import { lastLook, omnigrokOutcomes, outcomesOf } from './outcomes.ts';
import { omnigrokParameters } from './parameters.ts';
import type { OmnigrokParameters } from './parameters.ts';
import { phaseOf, phases } from './phases.ts';
import { omnigrokPresets } from './presets.ts';
import { estimateOf, omnigrokTraining } from './recording.ts';
import { omnigrokSweeps } from './sweeps.ts';
import { omnigrokTour } from './tour.ts';

const experiment: Experiment<OmnigrokParameters> = {
  id: 'omnigrok',
  title: 'Omnigrok: the landscape of norms',
  summary:
    'Why networks that have memorised generalise later, far beyond arithmetic: training loss against the norm of all weights is an L, test loss a U, and weight decay walks a network that begins too large slowly to the bottom of the U.',
  paper: {
    title: 'Omnigrok: Grokking Beyond Algorithmic Data',
    authors: ['Ziming Liu', 'Eric J. Michaud', 'Max Tegmark'],
    year: 2023,
    venue: 'ICLR 2023, arXiv 2210.01117',
    url: 'https://arxiv.org/abs/2210.01117',
  },
  parameters: omnigrokParameters,
  presets: omnigrokPresets,
  estimate: estimateOf,
  build: omnigrokTraining,
  measures: omnigrokMeasures,
  figures: omnigrokFigures,
  pictures: [],
  panels: [
    { kind: 'figure', id: 'accuracies', area: 'side', figure: 'accuracies' },
    { kind: 'figure', id: 'norm', area: 'side', figure: 'norm' },
    { kind: 'figure', id: 'losses', area: 'side', figure: 'losses' },
    { kind: 'quantities', id: 'timing', area: 'side', measure: 'timing', title: 'Timing' },
    { kind: 'figure', id: 'alignment', area: 'side', figure: 'alignment' },
  ],
  claims: omnigrokClaims,
  outcomes: omnigrokOutcomes,
  phases,
  hatches: [],
  publishedMaps: [],
  sweeps: omnigrokSweeps,
  tour: omnigrokTour,
  landscape: omnigrokLandscape,
  outcomesOf,
  keyColours: () => new Map(),
  headline(run) {
    const last = lastLook(run);
    return {
      phase: phaseOf(run),
      testAccuracy: last('testAccuracy'),
      trainAccuracy: last('trainAccuracy'),
      testLoss: last('testLoss'),
      norm: last('norm'),
    };
  },
};

export default experiment;
