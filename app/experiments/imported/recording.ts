/** What an imported run keeps: as a run of modular addition does, as far as the files tell. */
import type { FrameInfo, SeriesInfo } from '../experiment.ts';
import { curveSeries, framesOf, signalSeries } from '#app/circles/recording.ts';
import { trainingStepSeries } from '#app/circles/steps.ts';
import type { ImportedParameters } from './parameters.ts';

/** Norm of the embedding, then of every weight in the order of the parameters. */
export const normsSeries = 'norms';

/** @param curves names of the losses and accuracies that the files have, as modular addition calls them */
export function importedSeries(
  { modulus, weights }: Pick<ImportedParameters, 'modulus' | 'weights'>,
  curves: readonly string[],
): SeriesInfo[] {
  return [
    { name: trainingStepSeries, label: 'training step', width: 1, unit: 'steps' },
    // Nobody says in which unit a loss was measured that was not measured here.
    ...curveSeries.filter(({ name }) => curves.includes(name)).map((info) => ({ ...info, unit: '' })),
    ...signalSeries(modulus),
    { name: normsSeries, label: 'norms', width: 1 + weights.length, unit: '', symbol: '\\lVert\\cdot\\rVert' },
  ];
}

export const importedFrames = ({ modulus, embeddingWidth }: Pick<ImportedParameters, 'modulus' | 'embeddingWidth'>): FrameInfo[] =>
  framesOf({ modulus, embeddingWidth });
