/** What an imported run keeps: as a run of modular addition does, as far as the files tell. */
import type { FrameInfo, SeriesInfo } from '../experiment.ts';
import { framesOf, seriesOf } from '../survival/recording.ts';
import { trainingStepSeries } from '../survival/steps.ts';
import type { ImportedParameters } from './parameters.ts';

/** Norm of the embedding, then of every weight in the order of the parameters. */
export const normsSeries = 'norms';

/** @param curves names of the losses and accuracies that the files have, as modular addition calls them */
export function importedSeries(
  { modulus, weights }: Pick<ImportedParameters, 'modulus' | 'weights'>,
  curves: readonly string[],
): SeriesInfo[] {
  const isKept = ({ name }: SeriesInfo): boolean => name === 'signals' || name === 'unpaired' || curves.includes(name);
  return [
    { name: trainingStepSeries, label: 'training step', width: 1, unit: 'steps' },
    ...seriesOf({ modulus })
      .filter(isKept)
      // Nobody says in which unit a loss was measured that was not measured here.
      .map((info) => (curves.includes(info.name) ? { ...info, unit: '' } : info)),
    { name: normsSeries, label: 'norms', width: 1 + weights.length, unit: '', symbol: '\\lVert\\cdot\\rVert' },
  ];
}

export const importedFrames = ({ modulus, embeddingWidth }: Pick<ImportedParameters, 'modulus' | 'embeddingWidth'>): FrameInfo[] =>
  framesOf({ modulus, embeddingWidth });
