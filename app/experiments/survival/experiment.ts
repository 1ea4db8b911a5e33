import type { Experiment } from '../experiment.ts';
import { survivalClaims } from './claims/index.ts';
import { estimateOf } from './estimate.ts';
import { survivalFigures } from './figures/index.ts';
import { survivalMeasures } from './measures/index.ts';
import { survivalOutcomes, survivalOutcomesOf } from './outcomes.ts';
import { survivalParameters } from './parameters.ts';
import type { SurvivalParameters } from './parameters.ts';
import { survivalPictures } from './pictures/index.ts';
import { survivalPresets } from './presets.ts';
import { survivalTraining } from './recording.ts';
import { circleKey } from '#app/circles/signals.ts';
import { colourSlots, signalHistory, survivorsOfRun } from '#app/circles/survivors.ts';
import { survivalSweeps } from './sweeps.ts';
import { survivalTour } from './tour.ts';

const experiment: Experiment<SurvivalParameters> = {
  id: 'survival',
  title: 'Survival of the fittest representation',
  summary:
    'A network learns to add modulo p. Its embedding starts with a circle of tokens for every frequency; the circles compete, a few survive, and a linear law describes the contest.',
  paper: {
    title: 'Survival of the Fittest Representation: A Case Study with Modular Addition',
    authors: ['Xiaoman Delores Ding', 'Zifan Carl Guo', 'Eric J. Michaud', 'Ziming Liu', 'Max Tegmark'],
    year: 2024,
    venue: 'arXiv 2405.17420',
    url: 'https://arxiv.org/abs/2405.17420',
  },
  parameters: survivalParameters,
  presets: survivalPresets,
  estimate: estimateOf,
  build: (parameters) => survivalTraining(parameters),
  measures: survivalMeasures,
  figures: survivalFigures,
  pictures: survivalPictures,
  panels: [
    { kind: 'scene', id: 'circles', area: 'main', pictures: ['rings', 'pca'] },
    { kind: 'figure', id: 'signals', area: 'side', figure: 'signals' },
    { kind: 'figure', id: 'gradient-scatter', area: 'side', figure: 'gradient-scatter' },
    { kind: 'figure', id: 'coupling', area: 'side', figure: 'coupling', height: 380 },
    { kind: 'quantities', id: 'dynamics', area: 'side', measure: 'dynamics', title: 'Fitted dynamics' },
    { kind: 'figure', id: 'trajectories', area: 'side', figure: 'trajectories' },
    { kind: 'figure', id: 'losses', area: 'side', figure: 'losses' },
    { kind: 'figure', id: 'accuracies', area: 'side', figure: 'accuracies' },
    { kind: 'figure', id: 'subset-losses', area: 'side', figure: 'subset-losses' },
  ],
  claims: survivalClaims,
  outcomes: survivalOutcomes,
  phases: [],
  hatches: [],
  publishedMaps: [],
  landscape: null,
  sweeps: survivalSweeps,
  tour: survivalTour,
  outcomesOf: survivalOutcomesOf,
  keyColours: (run) => new Map([...colourSlots(signalHistory(run))].map(([k, slot]) => [circleKey(k), slot])),
  headline(run) {
    const last = (name: string) => {
      const { rows, values } = run.series(name);
      return rows === 0 ? null : values[rows - 1];
    };
    return {
      testAccuracy: last('testAccuracy'),
      trainAccuracy: last('trainAccuracy'),
      testLoss: last('testLoss'),
      survivors: survivorsOfRun(run)?.frequencies ?? null,
    };
  },
};

export default experiment;
