import { lineFigure, planeFigures } from '#app/landscape/figures/sections.ts';
import { sections } from '../sections.ts';
import { couplingFigure } from '#app/circles/figures/coupling.ts';
import { gradientScatterFigure } from './gradient-scatter.ts';
import { accuraciesFigure, lossesFigure } from './losses.ts';
import type { Figure } from '../../experiment.ts';
import type { SurvivalParameters } from '../parameters.ts';
import { signalsFigure } from '#app/circles/figures/signals.ts';
import { subsetLossesFigure } from './subset-losses.ts';
import { trajectoriesFigure } from '#app/circles/figures/trajectories.ts';

/** Figures of the experiment, in the order in which the panels show them. */
export const survivalFigures: readonly Figure<SurvivalParameters>[] = [
  signalsFigure,
  gradientScatterFigure,
  couplingFigure,
  trajectoriesFigure,
  lossesFigure,
  accuraciesFigure,
  subsetLossesFigure,
  lineFigure(sections),
  ...planeFigures(sections),
];
