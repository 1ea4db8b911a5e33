import type { Backend } from '#app/engine/index.ts';
import { trainInMemory as train, type TrainedRun as Trained } from '../testing.ts';
import type { SurvivalParameters } from './parameters.ts';
import { survivalTraining } from './recording.ts';

export type TrainedRun = Trained<SurvivalParameters>;

/** Trains a run of modular addition to its end, for tests. */
export const trainInMemory = (parameters: SurvivalParameters, backend: Backend): TrainedRun =>
  train({ id: 'survival', build: (given) => survivalTraining(given) }, parameters, backend);
