import { lineFigure, planeFigures } from '#app/landscape/figures/sections.ts';
import { sections } from '../sections.ts';
import { accuraciesFigure, lossesFigure, qualityFigure } from './curves.ts';
import { embeddingLinesFigure } from './embedding-lines.ts';
import { entropyFigure } from './entropy.ts';
import type { EffectiveTheoryFigure } from './recording.ts';
import { criticalFractionFigure, criticalScalingFigure, rateMapFigure, ratesFigure, timeToLinearFigure } from './theory.ts';

/** Figures of the experiment, in the order in which the panels show them. */
export const effectiveTheoryFigures: readonly EffectiveTheoryFigure[] = [
  embeddingLinesFigure,
  accuraciesFigure,
  qualityFigure,
  lossesFigure,
  timeToLinearFigure,
  ratesFigure,
  criticalFractionFigure,
  criticalScalingFigure,
  rateMapFigure,
  entropyFigure,
  lineFigure(sections),
  ...planeFigures(sections),
];
