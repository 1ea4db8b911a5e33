/** What a run keeps: a row of every series at every step, and the embedding at steps that grow denser towards the start. */
import type { Program, Session } from '#app/engine/index.ts';
import { estimateOfTraining, frameStepsOf } from '../estimate.ts';
import type { Estimate, FrameInfo, SeriesInfo, Training } from '../experiment.ts';
import { milestonesOf } from './milestones.ts';
import { effectiveTheoryProgram, initialValues } from './model.ts';
import type { EffectiveTheoryParameters } from './parameters.ts';
import { qualityOf } from './quality.ts';
import { structureOf } from './samples.ts';
import { splitOf, widthOf } from './tasks.ts';

/** Above so many numbers the embedding is kept in frames only, not at every step. */
const mostLines = 256;

/** True if a run has the series of the normalised embedding, a line for each of its numbers, and what the effective theory says of it. */
export const hasLines = (parameters: EffectiveTheoryParameters): boolean =>
  parameters.task !== 'permutations' && structureOf(parameters).symbols * widthOf(parameters) <= mostLines;

/** Series of a run; a row of `embedding` is Ẽ symbol after symbol, one of `c` has a number for each dimension. */
export function seriesOf(parameters: EffectiveTheoryParameters): SeriesInfo[] {
  const unit = parameters.objective === 'regression' ? '' : 'nat';
  const width = widthOf(parameters);
  const scalars: SeriesInfo[] = [
    { name: 'trainLoss', label: 'training loss', width: 1, unit, symbol: 'L_\\text{train}' },
    { name: 'testLoss', label: 'test loss', width: 1, unit, symbol: 'L_\\text{test}' },
    { name: 'trainAccuracy', label: 'training accuracy', width: 1, unit: '' },
    { name: 'testAccuracy', label: 'test accuracy', width: 1, unit: '' },
    { name: 'accuracy', label: 'accuracy on all pairs', width: 1, unit: '', symbol: '\\mathrm{Acc}' },
    { name: 'rqi', label: 'representation quality', width: 1, unit: '', symbol: '\\mathrm{RQI}', mayBeUndefined: true },
    { name: 'predictedAccuracy', label: 'predicted accuracy', width: 1, unit: '', symbol: '\\widehat{\\mathrm{Acc}}' },
  ];
  if (parameters.task === 'permutations') return scalars;
  const ofTheory: SeriesInfo[] = [
    { name: 'effectiveLoss', label: 'effective loss', width: 1, unit: '', symbol: '\\ell_\\text{eff}', mayBeUndefined: true },
    { name: 'z0', label: 'squared norm of the embedding', width: 1, unit: '', symbol: 'Z_0 = \\textstyle\\sum_k |E_k|^2' },
    { name: 'c', label: 'sum of the embedding', width, unit: '', symbol: 'C = \\textstyle\\sum_k E_k' },
  ];
  if (!hasLines(parameters)) return [...scalars, ...ofTheory];
  const lines = {
    name: 'embedding',
    label: 'normalised embedding',
    width: structureOf(parameters).symbols * width,
    unit: '',
    symbol: '\\tilde E_k',
  };
  return [...scalars, ...ofTheory, lines];
}

export function framesOf(parameters: EffectiveTheoryParameters): FrameInfo[] {
  const label = parameters.task === 'permutations' ? 'matrices of the permutations' : 'embedding';
  return [{ name: 'embedding', label, shape: [structureOf(parameters).symbols, widthOf(parameters)] }];
}

/** Cost of a run: nothing is trained, nor initial values drawn. */
export function estimateOf(parameters: EffectiveTheoryParameters): Estimate {
  return estimateOfTraining({
    program: effectiveTheoryProgram(parameters),
    steps: parameters.steps,
    series: seriesOf(parameters),
    frames: framesOf(parameters),
    frameSteps: frameStepsOf(parameters.steps),
  });
}

/** The training that parameters describe: program, initial values and what to record. */
export function effectiveTheoryTraining(
  parameters: EffectiveTheoryParameters,
  program: Program = effectiveTheoryProgram(parameters),
): Training {
  const { train, test } = splitOf(parameters);
  const quality = qualityOf(parameters);
  const right = (share: number, samples: { readonly label: Int32Array }): number => Math.round(share * samples.label.length);
  const [trained, tested] = [train.label.length, test.label.length];
  return {
    program,
    initial: initialValues(parameters),
    steps: parameters.steps,
    series: seriesOf(parameters),
    frames: framesOf(parameters),
    frameSteps: frameStepsOf(parameters.steps),
    observe: (session: Session) => quality(session.read('embedding')),
    trainSeries: { trainLoss: 'trainLoss', testLoss: 'testLoss' },
    // 9 of 10 must reach a threshold of 0.9, which the nearest number of 32 bits does not.
    derivedSeries: {
      trainAccuracy: ({ trainAccuracy }) => right(trainAccuracy, train) / trained,
      testAccuracy: ({ testAccuracy }) => right(testAccuracy, test) / tested,
      accuracy: ({ trainAccuracy, testAccuracy }) => (right(trainAccuracy, train) + right(testAccuracy, test)) / (trained + tested),
    },
    trainEvaluation: 'now',
    milestones: (run) => milestonesOf(run),
  };
}
