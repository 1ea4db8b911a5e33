import type { Experiment } from '#app/experiments/experiment.ts';
import type { SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { pointsOf } from '#app/sweeps/points.ts';
import { trialParameters } from '#app/sweeps/trials.ts';
import { landscapeInfo, type LandscapeChoice } from './reduced.ts';
import type { TimedRun } from './timing.ts';

/**
 * The trials of a sweep over weight decay as the timing law wants them: those that are free, finished and tell their initial norm.
 * @param at values of further axes, by parameter: only their trials; all where not told
 * @throws LotkaError `bad-input` if the experiment has no landscape
 */
export function timedRuns(
  experiment: Experiment,
  { definition, added }: Pick<SweepRecord, 'definition' | 'added'>,
  results: Iterable<TrialResult>,
  at: LandscapeChoice['at'] = {},
): TimedRun[] {
  const info = landscapeInfo(experiment);
  const { timing } = info;
  const points = pointsOf(experiment, definition, added);
  const pinning = Object.entries(info.pinnedAt(0)).filter(([name]) => name !== timing.weightDecay);
  const runs: TimedRun[] = [];
  for (const { point, seed, state, outcomes } of results) {
    const initialNorm = outcomes[timing.initialNorm];
    if (state !== 'finished' || typeof initialNorm !== 'number') continue;
    const { values } = points.at(point);
    if (Object.entries(at).some(([name, value]) => JSON.stringify(values[name]) !== JSON.stringify(value))) continue;
    const parameters = trialParameters(experiment, definition, points.at(point), seed);
    if (pinning.every(([name, value]) => parameters[name] === value)) continue;
    const stepOf = (id: string): number | null => {
      const value = outcomes[id];
      return typeof value === 'number' ? value : null;
    };
    runs.push({
      seed,
      initialNorm,
      learningRate: Number(parameters[timing.learningRate]),
      weightDecay: Number(parameters[timing.weightDecay]),
      fitted: stepOf(timing.fitted),
      generalised: stepOf(timing.generalised),
      normAtGeneralising: stepOf(timing.normAtGeneralising),
    });
  }
  // In the order of points and seeds, whichever came first.
  return runs.sort((a, b) => a.weightDecay - b.weightDecay || a.seed - b.seed || a.initialNorm - b.initialNorm);
}
