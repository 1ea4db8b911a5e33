import type { Experiment, RecordedRun } from '#app/experiments/experiment.ts';
import type { FigureSpec } from '#app/figures/spec.ts';
import type { SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { pathOf, pointAt } from '../path.ts';
import { landscapeOf, type LandscapeChoice } from '../reduced.ts';
import { timedRuns } from '../timed-runs.ts';
import { landscapeFigure } from './curves.ts';
import { timingFigure } from './timing.ts';

const prefix = 'landscape/';

/** Names of the figures that a sweep of an experiment with a landscape has besides its maps: `landscape/<curve>` and `timing`. */
export const sweepFigures = ({ landscape }: Experiment): string[] =>
  landscape ? [...landscape.curves.map(({ id }) => `${prefix}${id}`), 'timing'] : [];

/**
 * One of `sweepFigures`, of what has a result.
 * @param over a run whose way is drawn over a landscape, and the step at which it stands; its last where null
 * @returns a spec; a sentence saying why there is nothing to draw; null for any other name
 * @throws LotkaError `bad-input` for an unknown curve, or if the sweep has no axis over the scale of initial parameters
 */
export function figureOfSweep(
  experiment: Experiment,
  record: SweepRecord,
  results: readonly TrialResult[],
  name: string,
  at: LandscapeChoice['at'] = {},
  over: { readonly run: RecordedRun; readonly step: number | null } | null = null,
): FigureSpec | string | null {
  if (!experiment.landscape) return null;
  const { name: title } = record.definition;
  if (name === 'timing') {
    const spec = timingFigure(timedRuns(experiment, record, results, at));
    return typeof spec === 'string' ? spec : { ...spec, title: `${spec.title}: ${title}` };
  }
  if (!name.startsWith(prefix)) return null;
  const landscape = landscapeOf(experiment, record, results, { curve: name.slice(prefix.length), at });
  const { curve } = landscape;
  const way = over && {
    path: pathOf(experiment.landscape, curve, over.run),
    point: pointAt(experiment.landscape, curve, over.run, over.step ?? Infinity),
  };
  return landscapeFigure(landscape, { title, ...way });
}
