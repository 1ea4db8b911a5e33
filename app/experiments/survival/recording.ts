/** What a run keeps: a row of every series at every step, and the embedding at steps that grow denser towards the start. */
import { curveSeries, framesOf, signalSeries, splitNorms } from '#app/circles/recording.ts';
import type { Program, Session } from '#app/engine/index.ts';
import { realTransform, spectralNorms } from '#app/numerics/spectra.ts';
import { frameStepsOf } from '../estimate.ts';
import type { SeriesInfo, Training } from '../experiment.ts';
import { milestonesOf } from '#app/circles/milestones.ts';
import { initialValues, survivalProgram } from './model.ts';
import type { SurvivalParameters } from './parameters.ts';

/** Series of a run; `signals` has a column for every frequency, column i being k = i + 1. */
export function seriesOf({ modulus }: Pick<SurvivalParameters, 'modulus'>): SeriesInfo[] {
  return [
    ...curveSeries,
    { name: 'norm', label: 'parameter norm', width: 1, unit: '', symbol: '\\lVert\\theta\\rVert' },
    ...signalSeries(modulus),
  ];
}

/** The training that parameters describe: program, initial values and what to record. */
export function survivalTraining(parameters: SurvivalParameters, program: Program = survivalProgram(parameters)): Training {
  const { modulus, embeddingWidth, steps } = parameters;
  return {
    program,
    initial: initialValues(parameters),
    steps,
    series: seriesOf(parameters),
    frames: framesOf(parameters),
    frameSteps: frameStepsOf(steps),
    observe(session: Session) {
      const { loss, accuracy } = session.evaluate('test');
      const norms = spectralNorms(realTransform(session.read('embedding'), modulus, embeddingWidth));
      return { testLoss: loss, testAccuracy: accuracy, ...splitNorms(norms, modulus) };
    },
    trainSeries: { trainLoss: 'loss', trainAccuracy: 'accuracy', norm: 'norm' },
    trainEvaluation: 'train',
    milestones: milestonesOf,
  };
}
