import type { Measure } from '../../experiment.ts';
import { lineMeasure, planeMeasure } from '#app/landscape/section.ts';
import type { SurvivalParameters } from '../parameters.ts';
import { sections } from '../sections.ts';
import { circularityMeasure } from '#app/circles/measures/circularity.ts';
import { dynamicsMeasure } from '#app/circles/measures/dynamics.ts';
import { gradientMeasure } from './gradient.ts';
import { subsetLossesMeasure } from './subset-losses.ts';
import { survivorsMeasure } from '#app/circles/measures/survivors.ts';

/** Measures of the experiment, in the order in which tables show them. */
export const survivalMeasures: readonly Measure<SurvivalParameters>[] = [
  survivorsMeasure,
  gradientMeasure,
  dynamicsMeasure,
  subsetLossesMeasure,
  circularityMeasure,
  lineMeasure(sections),
  planeMeasure(sections),
];
