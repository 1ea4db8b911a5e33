/** Trainings of others: a network was trained elsewhere, its snapshots were saved, and Lotka watches them. */
import { LotkaError } from '#app/protocol/errors.ts';
import type { Experiment, Parameters } from '../experiment.ts';
import { couplingFigure } from '#app/circles/figures/coupling.ts';
import { signalsFigure } from '#app/circles/figures/signals.ts';
import { trajectoriesFigure } from '#app/circles/figures/trajectories.ts';
import { milestonesOf } from '#app/circles/milestones.ts';
import { pca } from '#app/circles/pictures/pca.ts';
import { rings } from '#app/circles/pictures/rings.ts';
import { circleKey } from '#app/circles/signals.ts';
import { colourSlots, signalHistory, survivorsOfRun } from '#app/circles/survivors.ts';
import { accuraciesFigure, lossesFigure } from './figures/curves.ts';
import { normsFigure } from './figures/norms.ts';
import { importedMeasures } from './measures/index.ts';
import { importedParameters, type ImportedParameters } from './parameters.ts';

const why =
  'This training was imported: its snapshots are here, but neither its network nor its data, so it cannot be trained, resumed, forked or swept here; train on where it was trained, and import again.';

const cannotTrain = (): never => {
  throw new LotkaError('conflict', why);
};

const experiment: Experiment<ImportedParameters & Parameters> = {
  id: 'imported',
  title: 'Your own training',
  summary:
    'A network that you trained in PyTorch, JAX or anything else: save its embedding and its losses while it trains, and watch its circles compete, its signals follow a law, and its tokens turn in 3D.',
  paper: {
    title: 'Survival of the Fittest Representation: A Case Study with Modular Addition',
    authors: ['Xiaoman Delores Ding', 'Zifan Carl Guo', 'Eric J. Michaud', 'Ziming Liu', 'Max Tegmark'],
    year: 2024,
    venue: 'arXiv 2405.17420',
    url: 'https://arxiv.org/abs/2405.17420',
  },
  parameters: importedParameters,
  presets: [],
  estimate: cannotTrain,
  build: cannotTrain,
  imported: { why, milestones: milestonesOf },
  measures: importedMeasures,
  figures: [signalsFigure, couplingFigure, trajectoriesFigure, lossesFigure, accuraciesFigure, normsFigure],
  pictures: [rings, pca],
  panels: [
    { kind: 'scene', id: 'circles', area: 'main', pictures: ['rings', 'pca'] },
    { kind: 'figure', id: 'signals', area: 'side', figure: 'signals' },
    { kind: 'figure', id: 'losses', area: 'side', figure: 'losses' },
    { kind: 'figure', id: 'accuracies', area: 'side', figure: 'accuracies' },
    { kind: 'figure', id: 'norms', area: 'side', figure: 'norms' },
    { kind: 'figure', id: 'coupling', area: 'side', figure: 'coupling', height: 380 },
    { kind: 'quantities', id: 'dynamics', area: 'side', measure: 'dynamics', title: 'Fitted dynamics' },
    { kind: 'figure', id: 'trajectories', area: 'side', figure: 'trajectories' },
  ],
  claims: [],
  outcomes: [],
  phases: [],
  hatches: [],
  publishedMaps: [],
  landscape: null,
  sweeps: [],
  tour: null,
  outcomesOf: () => ({}),
  keyColours: (run) => new Map([...colourSlots(signalHistory(run))].map(([k, slot]) => [circleKey(k), slot])),
  headline(run) {
    const last = (name: string): number | null =>
      run.seriesInfo.some((info) => info.name === name) ? (run.series(name).values.at(-1) ?? null) : null;
    return {
      testAccuracy: last('testAccuracy'),
      trainAccuracy: last('trainAccuracy'),
      testLoss: last('testLoss'),
      trainLoss: last('trainLoss'),
      survivors: survivorsOfRun(run)?.frequencies ?? null,
    };
  },
};

export default experiment;
