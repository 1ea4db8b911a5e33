/** What a sweep trains: which trials, in which order, with which parameters. */
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import type { SweepDefinition, SweepRecord, TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import { adaptivePlan, type AdaptivePlan } from './adaptive.ts';
import { outcomeOver } from './majority.ts';
import { pointsOf, type SweepPoint } from './points.ts';

type Planned = Pick<SweepRecord, 'definition' | 'added'>;

/** Names a trial within its sweep, e.g. `12.0`. */
export const trialName = ({ point, seed }: TrialKey): string => `${point}.${seed}`;

/**
 * The parameters of one trial: preset, then what all trials share, then the point, then the seed.
 * @throws LotkaError `bad-input` naming the parameter
 */
export function trialParameters(experiment: Experiment, definition: SweepDefinition, point: SweepPoint, seed: number): Parameters {
  const seeds = Object.fromEntries(definition.seeds.parameters.map((name) => [name, definition.seeds.first + seed]));
  return parseParameters(experiment, definition.preset, { ...definition.parameters, ...point.values, ...seeds });
}

export interface Plan {
  /** Trials without a result, in the order in which they should be begun: one seed of every point before the next seed. */
  readonly missing: readonly TrialKey[];
  /** All that are planned so far, done or not. */
  readonly planned: number;
  /** Points of an adaptive sweep that need no training, with what they are taken for. */
  readonly inferred: AdaptivePlan['inferred'];
  /** False while results may yet call for more points. */
  readonly complete: boolean;
}

const none: AdaptivePlan['inferred'] = new Map();

/**
 * What is to be trained now.
 * @param results by `trialName`; those that count, without those that are to be tried again
 */
export function nextTrials(experiment: Experiment, { definition, added }: Planned, results: ReadonlyMap<string, TrialResult>): Plan {
  const points = pointsOf(experiment, definition, added);
  const seeds = definition.seeds.count;
  const grown = Array.from({ length: added.length }, (_, i) => points.count - added.length + i);
  const adaptive = adaptiveOf(experiment, definition, results, points.grid);
  const wanted = adaptive ? [...adaptive.points, ...grown] : null;
  const count = wanted?.length ?? points.count;
  const missing: TrialKey[] = [];
  for (let seed = 0; seed < seeds; seed += 1) {
    for (let i = 0; i < count; i += 1) {
      const key = { point: wanted ? wanted[i] : i, seed };
      if (!results.has(trialName(key))) missing.push(key);
    }
  }
  return { missing, planned: count * seeds, inferred: adaptive?.inferred ?? none, complete: adaptive?.complete ?? true };
}

function adaptiveOf(
  experiment: Experiment,
  { sampling, seeds }: SweepDefinition,
  results: ReadonlyMap<string, TrialResult>,
  grid: readonly (readonly unknown[])[],
): AdaptivePlan | null {
  if (sampling.kind !== 'adaptive') return null;
  const order = experiment.phases.map(({ id }) => id);
  return adaptivePlan(
    sampling,
    grid.map((values) => values.length),
    (point) => {
      const all = Array.from({ length: seeds.count }, (_, seed) => results.get(trialName({ point, seed })));
      const there = all.filter((result): result is TrialResult => result !== undefined);
      if (there.length < seeds.count) return undefined;
      return there.every(({ state }) => state === 'failed') ? 'failed' : outcomeOver(there, sampling.outcome, order);
    },
  );
}

/** Trials of the whole definition, if every point is trained. */
export const totalTrials = (experiment: Experiment, { definition, added }: Planned): number =>
  pointsOf(experiment, definition, added).count * definition.seeds.count;

/** Of an adaptive sweep: the share of all trials of its grid that are planned so far; null of others, which train every point. */
export const shareOfGrid = (experiment: Experiment, record: Pick<SweepRecord, 'definition' | 'added' | 'planned'>): number | null =>
  record.definition.sampling.kind === 'adaptive' ? record.planned / totalTrials(experiment, record) : null;
