/** The points of a sweep: numbered for ever by the definition, then by the order in which they were added. */
import type { Experiment } from '#app/experiments/experiment.ts';
import { stream } from '#app/numerics/random.ts';
import type { SweepDefinition } from '#app/protocol/sweep.ts';
import { axisValues, isOrdered, parameterField, valueAlong, type Json } from './axes.ts';

export interface SweepPoint {
  readonly index: number;
  /** By parameter of the axes. */
  readonly values: Readonly<Record<string, Json>>;
  /** Place on the grid of each axis; null where the value is none of the grid's. */
  readonly at: readonly (number | null)[];
}

/** Points made when they are asked for: a list of 100,000 costs nothing until it is walked. */
export interface Points {
  readonly count: number;
  /** Values of each axis' grid, in the axes' order. */
  readonly grid: readonly (readonly Json[])[];
  /** @throws RangeError unless 0 <= index < count */
  at(index: number): SweepPoint;
}

/** Points of a definition, with those that refining added behind them. */
export function pointsOf(experiment: Experiment, definition: SweepDefinition, added: readonly Readonly<Record<string, Json>>[]): Points {
  const { axes, sampling } = definition;
  const grid = axes.map((axis) => axisValues(experiment, axis));
  const drawn = sampling.kind === 'random' || sampling.kind === 'latin' ? drawnShares(sampling, axes.length) : null;
  const planned = drawn ? drawn.length : grid.reduce((product, values) => product * values.length, 1);
  const place = (values: Readonly<Record<string, Json>>): (number | null)[] =>
    axes.map(({ parameter }, axis) => {
      const found = grid[axis].findIndex((value) => JSON.stringify(value) === JSON.stringify(values[parameter]));
      return found < 0 ? null : found;
    });

  const at = (index: number): SweepPoint => {
    if (!(index >= 0 && index < planned + added.length)) throw new RangeError(`there is no point ${index}`);
    if (index >= planned) return { index, values: added[index - planned], at: place(added[index - planned]) };
    const values: Record<string, Json> = {};
    if (drawn) {
      axes.forEach((axis, i) => (values[axis.parameter] = drawnValue(experiment, axis, grid[i], drawn[index][i])));
      return { index, values, at: place(values) };
    }
    let rest = index;
    const places = axes.map(({ parameter }, i) => {
      const choice = rest % grid[i].length;
      rest = Math.floor(rest / grid[i].length);
      values[parameter] = grid[i][choice];
      return choice;
    });
    return { index, values, at: places };
  };
  return { count: planned + added.length, grid, at };
}

function drawnValue(experiment: Experiment, axis: SweepDefinition['axes'][number], values: readonly Json[], share: number): Json {
  if (axis.kind === 'list') return values[Math.min(values.length - 1, Math.floor(share * values.length))];
  const { whole } = parameterField(experiment, axis.parameter);
  // Whole numbers at the ends are as likely as others: each has an interval of one around it.
  if (whole && axis.scale === 'linear') {
    const [low, high] = [Math.min(axis.from, axis.to), Math.max(axis.from, axis.to)];
    return Math.min(Math.floor(high), Math.ceil(low) + Math.floor(share * (Math.floor(high) - Math.ceil(low) + 1)));
  }
  const value = valueAlong(axis, share);
  return whole ? Math.round(value) : value;
}

/** A share 0 .. 1 for every axis of every sample. */
function drawnShares(sampling: { kind: 'random' | 'latin'; samples: number; seed: number }, axes: number): number[][] {
  const random = stream(sampling.seed, `sweep ${sampling.kind}`);
  const columns = Array.from({ length: axes }, () => {
    if (sampling.kind === 'random') return Float64Array.from({ length: sampling.samples }, () => random.uniform());
    const strata = random.permutation(sampling.samples);
    return Float64Array.from(strata, (stratum) => (stratum + random.uniform()) / sampling.samples);
  });
  return Array.from({ length: sampling.samples }, (_, sample) => columns.map((column) => column[sample]));
}

const greatestAdded = 10_000;

/**
 * Points that make a region of the first two axes twice as fine: halfway between neighbouring values there, combined with each other
 * and with the values that are there already, for every value of further axes. Only those that no point has yet.
 * @param region by parameter, ends included; an axis that is not named is taken whole
 */
export function refinedPoints(
  experiment: Experiment,
  definition: SweepDefinition,
  added: readonly Readonly<Record<string, Json>>[],
  region: Readonly<Record<string, readonly [number, number]>>,
): Record<string, Json>[] {
  const points = pointsOf(experiment, definition, added);
  const { axes } = definition;
  const choices = axes.map(({ parameter }, i): Json[] => {
    const all = valuesSoFar(points.grid[i], added, parameter);
    if (i > 1 || !isOrdered(all)) return [...all];
    const [low, high] = region[parameter] ?? [-Infinity, Infinity];
    const within = all.filter((value) => value >= Math.min(low, high) && value <= Math.max(low, high));
    const axis = axes[i];
    const log = axis.kind === 'range' ? axis.scale === 'log' : within.every((value) => value > 0) && isGeometric(within);
    const { whole } = parameterField(experiment, parameter);
    const between = within.slice(1).map((value, k) => {
      const middle = valueAlong({ from: within[k], to: value, scale: log ? 'log' : 'linear' }, 0.5);
      return whole ? Math.round(middle) : middle;
    });
    return [...new Set([...within, ...between])].sort((a, b) => a - b);
  });
  const taken = new Set(
    Array.from({ length: points.count }, (_, index) => JSON.stringify(axes.map((axis) => points.at(index).values[axis.parameter]))),
  );
  const fresh: Record<string, Json>[] = [];
  const total = choices.reduce((product, values) => product * values.length, 1);
  for (let index = 0; index < total && fresh.length < greatestAdded; index += 1) {
    let rest = index;
    const values = axes.map((_, i) => {
      const value = choices[i][rest % choices[i].length];
      rest = Math.floor(rest / choices[i].length);
      return value;
    });
    if (!taken.has(JSON.stringify(values))) fresh.push(Object.fromEntries(axes.map(({ parameter }, i) => [parameter, values[i]])));
  }
  return fresh;
}

const isGeometric = (values: readonly number[]): boolean =>
  values.length > 2 && values.slice(2).every((value, i) => Math.abs((value * values[i]) / values[i + 1] ** 2 - 1) < 1e-6);

/** Values of an axis with those that points were added at, in order where they have one. */
export function valuesSoFar(grid: readonly Json[], added: readonly Readonly<Record<string, Json>>[], parameter: string): readonly Json[] {
  const keys = new Set(grid.map((value) => JSON.stringify(value)));
  const more = added.map((values) => values[parameter]).filter((value) => value !== undefined && !keys.has(JSON.stringify(value)));
  if (more.length === 0) return grid;
  const all = [...grid, ...new Map(more.map((value) => [JSON.stringify(value), value])).values()];
  if (!all.every((value) => typeof value === 'number')) return all;
  const falling =
    typeof grid[0] === 'number' && typeof grid[grid.length - 1] === 'number' && (grid[0] as number) > (grid[grid.length - 1] as number);
  return (all as number[]).sort((a, b) => (falling ? b - a : a - b));
}
