import { LotkaError } from '#app/protocol/errors.ts';
import type { Measure } from '../../experiment.ts';
import { circularityMeasure } from '#app/circles/measures/circularity.ts';
import { dynamicsMeasure, type DynamicsResult } from '#app/circles/measures/dynamics.ts';
import { survivorsMeasure } from '#app/circles/measures/survivors.ts';
import type { ImportedParameters } from '../parameters.ts';

interface SpacedDynamics extends DynamicsResult {
  /** Training steps from one row to the next. */
  readonly spacing: number;
}

/** The law of motion, from snapshot to snapshot: the same fit, if they are evenly spaced. */
const dynamics: Measure<ImportedParameters, SpacedDynamics> = {
  ...dynamicsMeasure,
  unit: '1/snapshot',
  async compute(run, options, context) {
    const { spacing } = run.parameters;
    if (spacing === null)
      throw new LotkaError(
        'conflict',
        'The snapshots of this training are not evenly spaced, and a law of motion is fitted to what changes from one to the next; record every so-many-th step.',
      );
    return { ...(await dynamicsMeasure.compute(run, options, context)), spacing };
  },
  quantities: (result) => [
    ...dynamicsMeasure
      .quantities(result)
      .map((quantity) => (quantity.id === 'window' ? { ...quantity, label: 'Fitted snapshots' } : quantity)),
    {
      id: 'spacing',
      label: 'Training steps between snapshots',
      unit: 'steps',
      value: result.spacing,
      ...(result.spacing > 1 ? { note: 'A coupling says what changes from one snapshot to the next, not in one step.' } : {}),
    },
  ],
};

/** Measures that need no network. */
export const importedMeasures: readonly Measure<ImportedParameters>[] = [survivorsMeasure, dynamics, circularityMeasure];
