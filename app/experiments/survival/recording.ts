/** What a run keeps: a row of every series at every step, and the embedding at steps that grow denser towards the start. */
import type { Program, Session } from '#app/engine/index.ts';
import { realTransform, spectralNorms } from '#app/numerics/spectra.ts';
import { frameStepsOf } from '../estimate.ts';
import type { FrameInfo, SeriesInfo, Training } from '../experiment.ts';
import { milestonesOf } from './milestones.ts';
import { initialValues, survivalProgram } from './model.ts';
import type { SurvivalParameters } from './parameters.ts';
import { circleCount } from './signals.ts';

/** Series of a run; `signals` has a column for every frequency, column i being k = i + 1. */
export function seriesOf({ modulus }: Pick<SurvivalParameters, 'modulus'>): SeriesInfo[] {
  return [
    { name: 'trainLoss', label: 'training loss', width: 1, unit: 'nat', symbol: 'L_\\text{train}' },
    { name: 'trainAccuracy', label: 'training accuracy', width: 1, unit: '' },
    { name: 'testLoss', label: 'test loss', width: 1, unit: 'nat', symbol: 'L_\\text{test}' },
    { name: 'testAccuracy', label: 'test accuracy', width: 1, unit: '' },
    { name: 'norm', label: 'parameter norm', width: 1, unit: '', symbol: '\\lVert\\theta\\rVert' },
    { name: 'signals', label: 'signals of the circles', width: circleCount(modulus), unit: '', symbol: 's_k' },
    {
      name: 'unpaired',
      label: modulus % 2 === 0 ? 'signals s_0 and s_{p/2}' : 'signal s_0 of the mean',
      width: modulus % 2 === 0 ? 2 : 1,
      unit: '',
      symbol: 's_0',
    },
  ];
}

export function framesOf({ modulus, embeddingWidth }: Pick<SurvivalParameters, 'modulus' | 'embeddingWidth'>): FrameInfo[] {
  return [{ name: 'embedding', label: 'token embedding', shape: [modulus, embeddingWidth] }];
}

/** Norms of all Fourier vectors: the paired ones (circles) and those without a partner. */
export function splitNorms(norms: Float64Array, modulus: number): { signals: Float64Array; unpaired: Float64Array } {
  const circles = circleCount(modulus);
  return { signals: norms.slice(1, circles + 1), unpaired: Float64Array.from([norms[0], ...norms.slice(circles + 1)]) };
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
