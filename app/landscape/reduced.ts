/**
 * Reduced losses, estimated by training at pinned norms: what the trials of a sweep over the scale of initial parameters come to
 * against their norm (Liu, Michaud, Tegmark 2023, section 2).
 */
import type { Experiment, LandscapeCurve, LandscapeInfo } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { axisValues, type Json } from '#app/sweeps/axes.ts';
import { pointsOf } from '#app/sweeps/points.ts';
import { shapeOf, type CurvePoint, type Shape } from './shape.ts';
import { spreadOf, type Spread } from './spread.ts';

/** All repetitions at one scale of initial parameters. */
export interface ReducedPoint {
  readonly scale: number;
  readonly norm: Spread;
  readonly train: Spread;
  readonly test: Spread;
}

export interface Landscape {
  readonly curve: LandscapeCurve;
  /** Values of further axes of the sweep that these curves belong to. */
  readonly at: Readonly<Record<string, Json>>;
  /** By growing median norm. */
  readonly points: readonly ReducedPoint[];
  /** Of the medians over seeds; null while fewer than three norms have a result. */
  readonly shape: Shape | null;
  /** w_c of each seed by itself; null while no seed has a minimum between its norms. */
  readonly criticalNorm: Spread | null;
  /** Trials with a value, and trials without: they diverged, failed, or are still to come. */
  readonly results: number;
  readonly missing: number;
}

export interface LandscapeChoice {
  /** Id of one of the experiment's landscape curves; the first unless told. */
  readonly curve?: string;
  /** Values of further axes; the first of each unless told. */
  readonly at?: Readonly<Record<string, Json>>;
  /** How many times the minimum the test value may be in the zone; 2 unless told. */
  readonly factor?: number;
}

/** @throws LotkaError `bad-input` if the experiment has no landscape */
export function landscapeInfo(experiment: Experiment): LandscapeInfo {
  if (experiment.landscape) return experiment.landscape;
  throw new LotkaError('bad-input', `${experiment.id} has no landscape: the norm of its parameters is no axis of its own.`);
}

/** @throws LotkaError `bad-input` naming the curves that there are */
export function curveOf({ curves }: LandscapeInfo, id: string = curves[0].id): LandscapeCurve {
  const curve = curves.find((one) => one.id === id);
  if (curve) return curve;
  throw new LotkaError('bad-input', `There is no landscape curve "${id}"; there are ${curves.map((one) => one.id).join(', ')}.`);
}

/**
 * The reduced curves of a sweep, as far as it has results.
 * @throws LotkaError `bad-input` if the sweep has no axis over the scale, or for an unknown curve
 */
export function landscapeOf(
  experiment: Experiment,
  { definition, added }: Pick<SweepRecord, 'definition' | 'added'>,
  results: Iterable<TrialResult>,
  { curve: curveId, at: chosen = {}, factor }: LandscapeChoice = {},
): Landscape {
  const info = landscapeInfo(experiment);
  const curve = curveOf(info, curveId);
  const { axes, seeds } = definition;
  if (!axes.some(({ parameter }) => parameter === info.scale))
    throw new LotkaError('bad-input', `A landscape has an axis over ${info.scale}; this sweep has ${namesOf(definition)}.`);
  const at = Object.fromEntries(
    axes
      .filter(({ parameter }) => parameter !== info.scale)
      .map((axis) => [axis.parameter, chosen[axis.parameter] ?? axisValues(experiment, axis)[0]]),
  );
  const points = pointsOf(experiment, definition, added);
  const scales = new Map<number, number>();
  for (let point = 0; point < points.count; point += 1) {
    const { values } = points.at(point);
    const here = Object.entries(at).every(([name, value]) => JSON.stringify(values[name]) === JSON.stringify(value));
    if (here) scales.set(point, Number(values[info.scale]));
  }
  const byScale = new Map<number, CurvePoint[]>();
  const bySeed = new Map<number, CurvePoint[]>();
  let count = 0;
  for (const { point, seed, outcomes } of results) {
    const scale = scales.get(point);
    const value = { norm: numberOf(outcomes[info.norm]), train: numberOf(outcomes[curve.train]), test: numberOf(outcomes[curve.test]) };
    if (scale === undefined || !(value.norm > 0) || !Number.isFinite(value.train + value.test)) continue;
    count += 1;
    push(byScale, scale, value);
    push(bySeed, seed, value);
  }
  const reduced = [...byScale].map(([scale, values]): ReducedPoint => {
    const spread = (which: keyof CurvePoint): Spread => spreadOf(values.map((value) => value[which]))!;
    return { scale, norm: spread('norm'), train: spread('train'), test: spread('test') };
  });
  reduced.sort((a, b) => a.norm.median - b.norm.median);
  const options = { scale: curve.scale, factor };
  const minima = [...bySeed.values()].flatMap((values) => {
    const minimum = shapeOf(
      values.sort((a, b) => a.norm - b.norm),
      options,
    )?.minimum;
    return minimum && minimum.edge === null ? [minimum.norm] : [];
  });
  return {
    curve,
    at,
    points: reduced,
    shape: shapeOf(
      reduced.map(({ norm, train, test }) => ({ norm: norm.median, train: train.median, test: test.median })),
      options,
    ),
    criticalNorm: spreadOf(minima),
    results: count,
    missing: scales.size * seeds.count - count,
  };
}

const namesOf = ({ axes }: SweepRecord['definition']): string => axes.map(({ parameter }) => parameter).join(', ') || 'none';

const numberOf = (value: number | string | null | undefined): number => (typeof value === 'number' ? value : Number.NaN);

function push<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list) list.push(value);
  else lists.set(key, [value]);
}
