import type { Estimate } from '../experiment.ts';
import { survivalProgram } from './model.ts';
import type { SurvivalParameters } from './parameters.ts';
import { frameStepsOf, framesOf, seriesOf } from './recording.ts';

/** Cost of a run, known from its compiled program: nothing is trained. Of checkpoints one counts. */
export function estimateOf(parameters: SurvivalParameters): Estimate {
  const { flopsPerStep, arenaBytes, stateBytes } = survivalProgram(parameters).info;
  const { steps, precision } = parameters;
  const rowBytes = 8 * (steps + 1) * seriesOf(parameters).reduce((sum, { width }) => sum + width, 0);
  const frameSize = framesOf(parameters).reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const frameBytes = frameSize * (precision === 'f64' ? 8 : 4);
  return {
    steps,
    flopsPerStep,
    bytesKept: rowBytes + frameBytes * frameStepsOf(steps).length + stateBytes,
    arenaBytes,
    rowBytes,
  };
}
