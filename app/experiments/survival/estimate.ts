import { estimateOfTraining, frameStepsOf } from '../estimate.ts';
import type { Estimate } from '../experiment.ts';
import { survivalProgram } from './model.ts';
import type { SurvivalParameters } from './parameters.ts';
import { framesOf } from '#app/circles/recording.ts';
import { seriesOf } from './recording.ts';

/** Cost of a run: nothing is trained, nor initial values drawn. */
export function estimateOf(parameters: SurvivalParameters): Estimate {
  return estimateOfTraining({
    program: survivalProgram(parameters),
    steps: parameters.steps,
    series: seriesOf(parameters),
    frames: framesOf(parameters),
    frameSteps: frameStepsOf(parameters.steps),
  });
}
