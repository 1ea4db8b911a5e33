import type { Picture } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { parallelograms } from './parallelograms.ts';

/** Pictures of the experiment. */
export const effectiveTheoryPictures: readonly Picture<EffectiveTheoryParameters>[] = [parallelograms];
