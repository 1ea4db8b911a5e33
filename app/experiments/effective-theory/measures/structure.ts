import { z } from 'zod';
import type { Measure } from '../../experiment.ts';
import type { EffectiveTheoryParameters } from '../parameters.ts';
import { structureOf } from '../samples.ts';
import { flow, lambda3, stepsToLinear } from '../theory/flow.ts';
import { countOf, degreesOfFreedom, impliedParallelograms, predictedAccuracy, trainedParallelograms } from '../theory/parallelograms.ts';
import { linesOf, trainingFraction, trainingOf } from './recording.ts';

export interface StructureResult {
  /** |P0|, |P0(D)| and |P(D)|. */
  readonly all: number;
  readonly trained: number;
  readonly implied: number;
  /** n0; NaN for permutations. */
  readonly freedom: number;
  /** True if the training set implies all parallelograms. */
  readonly forced: boolean;
  readonly trainingFraction: number;
  readonly idealAccuracy: number;
  /** λ3; NaN unless the task is addition. */
  readonly lambda3: number;
  /** n_h = 1 / (λ3 η), steps; Infinity where nothing forces a line. */
  readonly decaySteps: number;
  /** Steps of the closed form from the run's own start to the quality that counts as linear; NaN without a theory. */
  readonly predictedSteps: number;
}

export const structureMeasure: Measure<EffectiveTheoryParameters, StructureResult> = {
  id: 'structure',
  label: 'What the training set implies',
  unit: '',
  formula:
    'P_0(D) \\subseteq P(D) \\subseteq P_0, \\quad n_0 = \\dim\\ker A_D, \\quad n_h = \\frac{1}{\\lambda_3\\,\\eta}, \\quad H = \\frac{2}{Z_0}\\frac{A_D^{\\top}A_D}{\\lvert P_0(D)\\rvert}',
  source: 'Liu et al. 2022, sections 3.1 and 3.2; ranks computed exactly',
  needs: 'recording',
  options: z.object({}),
  compute(run) {
    const structure = structureOf(run.parameters);
    const training = trainingOf(run);
    const { closeness, embeddingRate, embeddingWidth, linearThreshold } = run.parameters;
    const trained = countOf(trainedParallelograms(structure, training));
    const implied = impliedParallelograms(structure, training);
    const rate = lambda3(structure, training, embeddingWidth);
    const start = structure.task === 'addition' && trained > 0 ? linesOf(run, 1).embeddings[0] : undefined;
    return {
      all: structure.count,
      trained,
      implied: countOf(implied),
      freedom: degreesOfFreedom(structure, training),
      forced: countOf(implied) === structure.count,
      trainingFraction: trainingFraction(run),
      idealAccuracy: predictedAccuracy(structure, training, implied),
      lambda3: rate,
      decaySteps: 1 / (rate * embeddingRate),
      predictedSteps: start
        ? stepsToLinear(
            structure,
            flow(structure, training, start, embeddingWidth, { variant: 'paper', rate: embeddingRate }),
            closeness,
            linearThreshold,
          )
        : NaN,
    };
  },
  quantities: (result) =>
    [
      { id: 'all', label: 'Parallelograms of the task', symbol: '\\lvert P_0\\rvert', unit: '', value: result.all },
      { id: 'trained', label: 'Both pairs trained on', symbol: '\\lvert P_0(D)\\rvert', unit: '', value: result.trained },
      {
        id: 'implied',
        label: 'Implied by those',
        symbol: '\\lvert P(D)\\rvert',
        unit: '',
        value: result.implied,
        note: result.forced
          ? 'The training set forces the structure.'
          : 'The training set does not force the structure; the optimiser may still find it.',
        tone: result.forced ? ('good' as const) : ('warn' as const),
      },
      { id: 'freedom', label: 'Degrees of freedom left', symbol: 'n_0', unit: '', value: result.freedom },
      { id: 'trainingFraction', label: 'Training fraction', symbol: 'r', unit: '', value: result.trainingFraction },
      { id: 'idealAccuracy', label: 'Ideal accuracy', unit: '', value: result.idealAccuracy },
      { id: 'lambda3', label: 'Grokking rate', symbol: '\\lambda_3', unit: '', value: result.lambda3 },
      { id: 'decaySteps', label: 'Steps of the slowest decay', symbol: 'n_h', unit: 'steps', value: result.decaySteps },
      {
        id: 'predictedSteps',
        label: 'Steps of the theory to a line',
        unit: 'steps',
        value: result.predictedSteps,
        note: "Closed form from this run's own start, one unit of time 1/η steps; Adam moves a network at another pace.",
      },
      // What does not apply to the task is not a number.
    ].filter(({ value }) => !Number.isNaN(value)),
};
