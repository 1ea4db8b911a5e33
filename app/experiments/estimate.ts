import type { Estimate, Training } from './experiment.ts';

/** Cost of a run, known from its compiled program and what it records: nothing is trained. Of checkpoints one counts. */
export function estimateOfTraining({
  program,
  steps,
  series,
  frames,
  frameSteps,
}: Pick<Training, 'program' | 'steps' | 'series' | 'frames' | 'frameSteps'>): Estimate {
  const { flopsPerStep, arenaBytes, stateBytes, precision } = program.info;
  const rowBytes = 8 * (steps + 1) * series.reduce((sum, { width }) => sum + width, 0);
  const frameSize = frames.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, 1), 0);
  const frameBytes = frameSize * (precision === 'f64' ? 8 : 4);
  return { steps, flopsPerStep, bytesKept: rowBytes + frameBytes * frameSteps.length + stateBytes, arenaBytes, rowBytes };
}

/** Steps at which frames are kept: every step up to 100, then about every hundredth part more, and the last. */
export function frameStepsOf(steps: number): number[] {
  const chosen: number[] = [];
  for (let step = 0; step < steps; step += Math.max(1, Math.floor(step / 100))) chosen.push(step);
  return [...chosen, steps];
}
