import type { Experiment } from '../experiment.ts';
import { effectiveTheoryClaims } from './claims/index.ts';
import { effectiveTheoryFigures } from './figures/index.ts';
import { effectiveTheoryMeasures } from './measures/index.ts';
import { effectiveTheoryOutcomes, finalValues, outcomesOf, trapped } from './outcomes.ts';
import { effectiveTheoryParameters } from './parameters.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';
import { phaseOf, phases } from './phases.ts';
import { effectiveTheoryPictures } from './pictures/index.ts';
import { effectiveTheoryPresets } from './presets.ts';
import { publishedMaps } from './published.ts';
import { effectiveTheoryTraining, estimateOf } from './recording.ts';
import { structureOf } from './samples.ts';
import { effectiveTheorySweeps } from './sweeps.ts';
import { effectiveTheoryTour } from './tour.ts';
import { symbolKey } from './tasks.ts';

const experiment: Experiment<EffectiveTheoryParameters> = {
  id: 'effective-theory',
  title: 'Phases of learning: an effective theory',
  summary:
    'A small network learns to add two symbols. Whether it comprehends, groks, memorises or stays confused depends on how fast its representation and its decoder learn; a theory without any network predicts when the symbols line up.',
  paper: {
    title: 'Towards Understanding Grokking: An Effective Theory of Representation Learning',
    authors: ['Ziming Liu', 'Ouail Kitouni', 'Niklas Nolte', 'Eric J. Michaud', 'Max Tegmark', 'Mike Williams'],
    year: 2022,
    venue: 'NeurIPS 2022, arXiv 2205.10343',
    url: 'https://arxiv.org/abs/2205.10343',
  },
  parameters: effectiveTheoryParameters,
  presets: effectiveTheoryPresets,
  estimate: estimateOf,
  build: (parameters) => effectiveTheoryTraining(parameters),
  measures: effectiveTheoryMeasures,
  figures: effectiveTheoryFigures,
  pictures: effectiveTheoryPictures,
  panels: [
    { kind: 'scene', id: 'representation', area: 'main', pictures: ['parallelograms'] },
    { kind: 'figure', id: 'embedding-lines', area: 'side', figure: 'embedding-lines', height: 320 },
    { kind: 'figure', id: 'accuracies', area: 'side', figure: 'accuracies' },
    { kind: 'figure', id: 'quality', area: 'side', figure: 'quality' },
    { kind: 'quantities', id: 'effective-flow', area: 'side', measure: 'effective-flow', title: 'Effective theory' },
    { kind: 'figure', id: 'losses', area: 'side', figure: 'losses' },
    { kind: 'quantities', id: 'structure', area: 'side', measure: 'structure', title: 'Training set' },
    { kind: 'figure', id: 'critical-fraction', area: 'side', figure: 'critical-fraction' },
    { kind: 'figure', id: 'critical-scaling', area: 'side', figure: 'critical-scaling' },
    { kind: 'figure', id: 'rates', area: 'side', figure: 'rates' },
    { kind: 'figure', id: 'time-to-linear', area: 'side', figure: 'time-to-linear' },
    { kind: 'figure', id: 'rate-map', area: 'side', figure: 'rate-map' },
    { kind: 'figure', id: 'entropy', area: 'side', figure: 'entropy' },
  ],
  claims: effectiveTheoryClaims,
  outcomes: effectiveTheoryOutcomes,
  phases,
  hatches: [trapped],
  publishedMaps,
  landscape: null,
  sweeps: effectiveTheorySweeps,
  tour: effectiveTheoryTour,
  outcomesOf,
  keyColours: ({ parameters }) =>
    new Map(Array.from({ length: structureOf(parameters).symbols }, (_, symbol) => [symbolKey(symbol), symbol])),
  headline(run) {
    const { testAccuracy, trainAccuracy, rqi } = finalValues(run);
    return { phase: phaseOf(run), rqi, testAccuracy, trainAccuracy };
  },
};

export default experiment;
