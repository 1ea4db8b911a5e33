/** What a run keeps: a row of every series at every step; what needs all samples is looked at every so many steps. */
import type { DatasetSource } from '#app/datasets/dataset.ts';
import type { Program, Session } from '#app/engine/index.ts';
import { estimateOfTraining, frameStepsOf } from '../estimate.ts';
import type { Estimate, FrameInfo, SeriesInfo, Training } from '../experiment.ts';
import { collapsed } from './collapse.ts';
import { milestonesOf } from './milestones.ts';
import { initialValues, modelOf, normOf, omnigrokProgram, type Model } from './model.ts';
import type { OmnigrokParameters } from './parameters.ts';

/** Series of a run. */
export function seriesOf({ objective, batches }: Pick<Model, 'objective' | 'batches'>): SeriesInfo[] {
  const unit = objective === 'mse' ? '' : 'nat';
  const scalar = (name: string, label: string, more: Partial<SeriesInfo> = {}): SeriesInfo => ({
    name,
    label,
    width: 1,
    unit: '',
    ...more,
  });
  const looked = { mayBeUndefined: true };
  const whole = batches ? looked : {};
  return [
    scalar('trainLoss', 'training loss', { unit, symbol: 'L_\\text{train}', ...whole }),
    scalar('trainAccuracy', 'training accuracy', whole),
    scalar('testLoss', 'test loss', { unit, symbol: 'L_\\text{test}', ...looked }),
    scalar('testAccuracy', 'test accuracy', looked),
    scalar('norm', 'parameter norm', { symbol: 'w = \\lVert\\theta\\rVert' }),
    ...(batches ? [scalar('batchLoss', 'loss of the batch', { unit })] : []),
    ...(objective === 'mse'
      ? []
      : [
          scalar('softmaxCollapse', 'collapsed training samples', looked),
          scalar('alignment', 'alignment of gradient and weights', { symbol: '\\cos(-\\nabla L, \\theta)', ...looked }),
        ]),
  ];
}

/** The embedding, where symbols have one. */
function framesOf({ network }: Model): FrameInfo[] {
  return network.tensors.filter(({ name }) => name === 'embedding').map(({ name, shape }) => ({ name, label: 'embedding', shape }));
}

/** Cost of a run: nothing is trained, nor initial values drawn. */
export function estimateOf(parameters: OmnigrokParameters, datasets: DatasetSource): Estimate {
  const model = modelOf(parameters, datasets);
  // Equal constants share memory, so the norm stands in as a number that no other constant is.
  const held = parameters.pinnedNorm > 0 ? parameters.pinnedNorm : Math.PI;
  return estimateOfTraining({
    program: omnigrokProgram(parameters, model, held),
    steps: parameters.steps,
    series: seriesOf(model),
    frames: framesOf(model),
    frameSteps: frameStepsOf(parameters.steps),
  });
}

/** The training that parameters describe: program, initial values and what to record. */
export function omnigrokTraining(parameters: OmnigrokParameters, datasets: DatasetSource): Training {
  const model = modelOf(parameters, datasets);
  const initial = initialValues(parameters, model);
  const held = parameters.pinnedNorm > 0 ? parameters.pinnedNorm : normOf(initial, model);
  return recorded(parameters, model, omnigrokProgram(parameters, model, held), initial);
}

/** What is recorded of a program. */
export function recorded(parameters: OmnigrokParameters, model: Model, program: Program, initial: Training['initial']): Training {
  const { steps, testEvery } = parameters;
  const { task, objective, batches } = model;
  const { train, test } = task;
  // 19 of 20 must reach a threshold of 0.95, which the nearest number of 32 bits does not.
  const exact = (share: number, rows: number): number => Math.round(share * rows) / rows;
  const unseen = Object.fromEntries(seriesOf(model).flatMap(({ name, mayBeUndefined }) => (mayBeUndefined ? [[name, NaN]] : [])));

  const look = (session: Session): Record<string, number> => {
    const onTest = session.evaluate('test');
    const values: Record<string, number> = { testLoss: onTest.loss, testAccuracy: exact(onTest.accuracy, test.rows) };
    if (batches) {
      const onTrain = session.evaluate('train');
      Object.assign(values, { trainLoss: onTrain.loss, trainAccuracy: exact(onTrain.accuracy, train.rows) });
    }
    if (objective !== 'mse') {
      const { descent, gradientNorm } = session.evaluate('weights');
      const { norm } = session.evaluate('step');
      values.alignment = descent / (gradientNorm * norm);
      values.softmaxCollapse = collapsed(session.read('results/trainOutput'), train.labels!, objective);
    }
    return values;
  };
  return {
    program,
    initial,
    steps,
    ...(task.dataset ? { dataset: task.dataset } : {}),
    series: seriesOf(model),
    frames: framesOf(model),
    frameSteps: frameStepsOf(steps),
    observe: (session) => (session.step % testEvery === 0 || session.step >= steps ? look(session) : unseen),
    trainSeries: batches ? { batchLoss: 'loss', norm: 'norm' } : { trainLoss: 'loss', norm: 'norm' },
    derivedSeries: batches ? {} : { trainAccuracy: ({ accuracy }) => exact(accuracy, train.rows) },
    trainEvaluation: 'step',
    milestones: milestonesOf,
  };
}
