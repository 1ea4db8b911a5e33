import { normFigure } from '#app/landscape/figures/norm.ts';
import { lineFigure, planeFigures } from '#app/landscape/figures/sections.ts';
import type { Figure } from '../../experiment.ts';
import { omnigrokLandscape } from '../landscape.ts';
import type { OmnigrokParameters } from '../parameters.ts';
import { sections } from '../sections.ts';
import { accuraciesFigure, alignmentFigure, lossesFigure } from './curves.ts';

/** Figures of the experiment, in the order in which the panels show them. */
export const omnigrokFigures: readonly Figure<OmnigrokParameters>[] = [
  accuraciesFigure,
  normFigure(omnigrokLandscape),
  lossesFigure,
  alignmentFigure,
  lineFigure(sections),
  ...planeFigures(sections),
];
