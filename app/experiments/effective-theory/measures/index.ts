import type { Measure } from '../../experiment.ts';
import { lineMeasure, planeMeasure } from '#app/landscape/section.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { sections } from '../sections.ts';
import { circularityMeasure } from './circularity.ts';
import { criticalFractionMeasure } from './critical-fraction.ts';
import { effectiveFlowMeasure } from './effective-flow.ts';
import { entropyMeasure } from './entropy.ts';
import { spectrumMeasure } from './spectrum.ts';
import { structureMeasure } from './structure.ts';

/** Measures of the experiment, in the order in which tables show them. */
export const effectiveTheoryMeasures: readonly Measure<EffectiveTheoryParameters>[] = [
  structureMeasure,
  effectiveFlowMeasure,
  criticalFractionMeasure,
  spectrumMeasure,
  entropyMeasure,
  circularityMeasure,
  lineMeasure(sections),
  planeMeasure(sections),
];
