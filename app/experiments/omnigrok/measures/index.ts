import { lineMeasure, planeMeasure } from '#app/landscape/section.ts';
import { timingMeasure } from '#app/landscape/timing-measure.ts';
import type { Measure } from '../../experiment.ts';
import { omnigrokLandscape } from '../landscape.ts';
import { outcomesOf } from '../outcomes.ts';
import type { OmnigrokParameters } from '../parameters.ts';
import { sections } from '../sections.ts';

/** Measures of the experiment, in the order in which tables show them. */
export const omnigrokMeasures: readonly Measure<OmnigrokParameters>[] = [
  timingMeasure(omnigrokLandscape, outcomesOf),
  lineMeasure(sections),
  planeMeasure(sections),
];
