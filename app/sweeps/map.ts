/** The map of a sweep: for every place on two axes, what the seeds came to. */
import type { Experiment, OutcomeInfo, PublishedMap } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepRecord, TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import { powerOfTen, readable } from '#app/figures/format.ts';
import { axisValues, isOrdered, parameterField, type Json } from './axes.ts';
import { majorityOf, medianOf } from './majority.ts';
import { pointsOf, valuesSoFar, type Points } from './points.ts';
import { trialName } from './trials.ts';

export interface MapAxis {
  /** Null for the only row of a sweep with one axis. */
  readonly parameter: string | null;
  readonly label: string;
  readonly symbol?: string;
  readonly unit: string;
  readonly scale: 'linear' | 'log' | 'category';
  /** In the axis' order. Of sampled points: the middles of bins. */
  readonly values: readonly Json[];
  readonly names: readonly string[];
  /** Those of `values` that the axis was planned with; refining added the others between them. */
  readonly planned: readonly Json[];
  /** Place of a value. */
  placeOf(value: Json): number;
}

export interface MapCell {
  /** Majority of a phase, median of a number; null where there is none. */
  readonly value: number | string | null;
  /** Least and greatest of a number over the seeds. */
  readonly low: number | null;
  readonly high: number | null;
  /** Share of the results that say `value` (1 for numbers). */
  readonly agreement: number;
  /** True if another phase was as frequent. */
  readonly tied: boolean;
  readonly finished: number;
  readonly diverged: number;
  readonly failed: number;
  /** Trials that belong here. */
  readonly trials: readonly TrialKey[];
  /** `empty`: no result yet, or no point. `inferred`: taken from neighbours that agree. */
  readonly state: 'empty' | 'partial' | 'complete' | 'inferred';
  /** Ids of hatches: `seeds-disagree`, then those of the experiment that apply to most results. */
  readonly hatches: readonly string[];
}

/** The hatch of cells whose seeds end in different phases. */
export const disagreement = {
  id: 'seeds-disagree',
  label: 'seeds disagree',
  rule: 'Seeds of this cell end in different phases, or some have no value.',
} as const;

export interface MapChoice {
  /** Parameter along x and y; the first two axes unless told. `y` null: one row. */
  readonly x?: string;
  readonly y?: string | null;
  /** The first outcome of the experiment unless told. */
  readonly outcome?: string;
  /** Values of further axes; their first unless told. */
  readonly at?: Readonly<Record<string, Json>>;
  /** One seed's results only; all seeds unless told. */
  readonly seed?: number | null;
}

/** Follows the results of a sweep: one result changes one cell. */
export class SweepMap {
  readonly x: MapAxis;
  readonly y: MapAxis;
  readonly outcome: OutcomeInfo;
  /** Values of further axes that this map shows. */
  readonly at: Readonly<Record<string, Json>>;
  /** The seed whose results alone count; null for all. */
  readonly seed: number | null;
  /** True if points were drawn: cells then are bins, of one point, several or none. */
  readonly sampled: boolean;
  readonly #experiment: Experiment;
  readonly #points: Points;
  readonly #order: readonly string[];
  readonly #results: TrialResult[][];
  readonly #trials: TrialKey[][];
  readonly #cells: (MapCell | null)[];
  readonly #places = new Map<number, number>();
  #inferred: ReadonlyMap<number, number | string | null> = new Map();
  readonly #inferredAt = new Map<number, number | string | null>();

  /** @throws LotkaError `bad-input` for an outcome or axis that is not there */
  constructor(experiment: Experiment, record: Pick<SweepRecord, 'definition' | 'added'>, choice: MapChoice = {}) {
    const { definition, added } = record;
    const names = definition.axes.map(({ parameter }) => parameter);
    const [x, y] = [
      choice.x ?? names[0],
      choice.y === undefined ? (names.find((name) => name !== (choice.x ?? names[0])) ?? null) : choice.y,
    ];
    if (x === y) throw new LotkaError('bad-input', `${x} cannot run across the map and up; choose another axis for one of them.`);
    for (const name of [x, ...(y === null ? [] : [y])])
      if (!names.includes(name)) throw new LotkaError('bad-input', `${name} is no axis of this sweep; its axes are ${names.join(', ')}.`);
    const { first, count } = definition.seeds;
    if (choice.seed !== undefined && choice.seed !== null && choice.seed >= count)
      throw new LotkaError('bad-input', `There is no seed ${first + choice.seed} in this sweep; it has ${first} to ${first + count - 1}.`);
    const outcome = choice.outcome ?? experiment.outcomes[0].id;
    const info = experiment.outcomes.find(({ id }) => id === outcome);
    if (!info)
      throw new LotkaError(
        'bad-input',
        `${experiment.id} has no outcome "${outcome}"; it has ${experiment.outcomes.map(({ id }) => id).join(', ')}.`,
      );
    this.#experiment = experiment;
    this.#points = pointsOf(experiment, definition, added);
    this.seed = choice.seed ?? null;
    this.#order = experiment.phases.map(({ id }) => id);
    this.outcome = info;
    this.x = mapAxis(experiment, record, this.#points, x);
    this.y = y === null ? onlyRow : mapAxis(experiment, record, this.#points, y);
    this.sampled = definition.sampling.kind === 'random' || definition.sampling.kind === 'latin';
    const others = definition.axes.filter(({ parameter }) => parameter !== x && parameter !== y);
    this.at = this.sampled
      ? {}
      : Object.fromEntries(others.map((axis) => [axis.parameter, choice.at?.[axis.parameter] ?? axisValues(experiment, axis)[0]]));
    const size = this.x.values.length * this.y.values.length;
    this.#results = Array.from({ length: size }, () => []);
    this.#trials = Array.from({ length: size }, () => []);
    this.#cells = Array.from({ length: size }, () => null);
    this.#placePoints(definition.seeds.count);
  }

  get size(): number {
    return this.#cells.length;
  }

  /** The cell of column `i` and row `j` is number j * columns + i; rows in the order of the y axis. */
  cell(index: number): MapCell {
    return (this.#cells[index] ??= this.#summary(index));
  }

  /** Where a point lies; null if this slice does not show it. */
  placeOf(point: number): number | null {
    return this.#places.get(point) ?? null;
  }

  /** Takes a result in. A trial that was told before is replaced. @returns the cell that changed, or null */
  put(result: TrialResult): number | null {
    const place = this.#places.get(result.point);
    if (place === undefined || (this.seed !== null && result.seed !== this.seed)) return null;
    const results = this.#results[place];
    const before = results.findIndex((other) => trialName(other) === trialName(result));
    if (before >= 0) results[before] = result;
    else results.push(result);
    this.#cells[place] = null;
    return place;
  }

  /** Results of a cell, by point and seed. */
  resultsOf(index: number): readonly TrialResult[] {
    return [...this.#results[index]].sort((a, b) => a.point - b.point || a.seed - b.seed);
  }

  /** Takes what an adaptive sweep infers (`nextTrials`). @returns cells that changed */
  infer(inferred: ReadonlyMap<number, number | string | null>, outcome: string): number[] {
    this.#inferred = outcome === this.outcome.id ? inferred : new Map();
    const before = new Map(this.#inferredAt);
    this.#inferredAt.clear();
    for (const [point, value] of this.#inferred) {
      const place = this.#places.get(point);
      if (place !== undefined) this.#inferredAt.set(place, value);
    }
    const changed = [...new Set([...before.keys(), ...this.#inferredAt.keys()])].filter(
      (place) => before.get(place) !== this.#inferredAt.get(place),
    );
    for (const place of changed) this.#cells[place] = null;
    return changed;
  }

  /** Least and greatest value that is shown; null for phases and empty maps. */
  range(): [number, number] | null {
    let [low, high] = [Infinity, -Infinity];
    for (let index = 0; index < this.size; index += 1) {
      const { value } = this.cell(index);
      if (typeof value !== 'number') continue;
      low = Math.min(low, value);
      high = Math.max(high, value);
    }
    return low <= high ? [low, high] : null;
  }

  #placePoints(seeds: number): void {
    const columns = this.x.values.length;
    for (let point = 0; point < this.#points.count; point += 1) {
      const { values } = this.#points.at(point);
      if (Object.entries(this.at).some(([name, value]) => JSON.stringify(values[name]) !== JSON.stringify(value))) continue;
      const column = this.x.parameter === null ? 0 : this.x.placeOf(values[this.x.parameter]);
      const row = this.y.parameter === null ? 0 : this.y.placeOf(values[this.y.parameter]);
      if (column < 0 || row < 0) continue;
      const place = row * columns + column;
      this.#places.set(point, place);
      for (let seed = 0; seed < seeds; seed += 1) if (this.seed === null || seed === this.seed) this.#trials[place].push({ point, seed });
    }
  }

  #summary(index: number): MapCell {
    const trials = this.#trials[index];
    const results = this.#results[index];
    const count = (state: TrialResult['state']): number => results.filter((result) => result.state === state).length;
    const counts = { finished: count('finished'), diverged: count('diverged'), failed: count('failed'), trials };
    const there = results.filter(({ state }) => state !== 'failed');
    const blank = { value: null, low: null, high: null, agreement: 1, tied: false, hatches: [], ...counts };
    if (there.length === 0) {
      const inferred = this.#inferredAt.get(index);
      if (inferred !== undefined && results.length === 0) return { ...blank, value: inferred, state: 'inferred' };
      return { ...blank, state: results.length === 0 ? 'empty' : results.length < trials.length ? 'partial' : 'complete' };
    }
    const state = results.length < trials.length ? 'partial' : 'complete';
    const values = there.map(({ outcomes }) => outcomes[this.outcome.id] ?? null);
    const hatches = this.#experiment.hatches
      .filter((hatch) => 2 * there.filter(({ outcomes }) => hatch.applies(outcomes)).length > there.length)
      .map(({ id }) => id);
    if (this.outcome.kind === 'phase') {
      const majority = majorityOf(
        values.filter((value): value is string => typeof value === 'string'),
        this.#order,
      );
      if (!majority) return { ...blank, hatches, state };
      const disagree = majority.share < 1 ? [disagreement.id] : [];
      return { ...blank, value: majority.id, agreement: majority.share, tied: majority.tied, hatches: [...disagree, ...hatches], state };
    }
    const numbers = values.filter((value): value is number => typeof value === 'number');
    if (numbers.length === 0) return { ...blank, hatches, state };
    // A median of those seeds alone that came to something says less than its colour.
    const some = numbers.length < values.length ? [disagreement.id] : [];
    return {
      ...blank,
      value: medianOf(numbers),
      low: Math.min(...numbers),
      high: Math.max(...numbers),
      hatches: [...some, ...hatches],
      state,
    };
  }
}

const onlyRow: MapAxis = {
  parameter: null,
  label: '',
  unit: '',
  scale: 'category',
  values: [null],
  planned: [null],
  names: [''],
  placeOf: () => 0,
};

/** Numbers are rounded as far as they stay apart: along a logarithm to two digits at least, else to three. */
function namesOf(values: readonly Json[], scale: MapAxis['scale']): string[] {
  const nameOf = (value: Json, digits: number): string =>
    typeof value === 'number' ? readable(value, digits) : typeof value === 'string' ? value : JSON.stringify(value);
  for (let digits = scale === 'log' ? 2 : 3; ; digits += 1) {
    const names = values.map((value) => nameOf(value, digits));
    if (digits >= 12 || new Set(names).size === names.length) return names;
  }
}

function mapAxis(
  experiment: Experiment,
  { definition, added }: Pick<SweepRecord, 'definition' | 'added'>,
  points: Points,
  parameter: string,
): MapAxis {
  const index = definition.axes.findIndex((axis) => axis.parameter === parameter);
  const axis = definition.axes[index];
  const { info } = parameterField(experiment, parameter);
  const about = { parameter, label: info.label, symbol: info.symbol, unit: info.unit ?? '' };
  const { sampling } = definition;
  if ((sampling.kind === 'random' || sampling.kind === 'latin') && axis.kind === 'range') {
    const bins = Math.max(2, Math.ceil(Math.sqrt(sampling.samples)));
    const along = (share: number): number =>
      axis.scale === 'log' ? axis.from * (axis.to / axis.from) ** share : axis.from + share * (axis.to - axis.from);
    const middles = Array.from({ length: bins }, (_, bin) => along((bin + 0.5) / bins));
    const shareOf = (value: number): number =>
      axis.scale === 'log' ? Math.log(value / axis.from) / Math.log(axis.to / axis.from) : (value - axis.from) / (axis.to - axis.from);
    const placeOf = (value: Json): number =>
      typeof value === 'number' ? Math.max(0, Math.min(bins - 1, Math.floor(bins * shareOf(value)))) : -1;
    return { ...about, scale: axis.scale, values: middles, planned: middles, names: namesOf(middles, axis.scale), placeOf };
  }
  const values = valuesSoFar(points.grid[index], added, parameter);
  const places = new Map(values.map((value, place) => [JSON.stringify(value), place]));
  const scale = !isOrdered(values) ? 'category' : axis.kind === 'range' ? axis.scale : spacing(values);
  const planned = points.grid[index];
  return { ...about, scale, values, planned, names: namesOf(values, scale), placeOf: (value) => places.get(JSON.stringify(value)) ?? -1 };
}

/** `10ⁿ` for a power of ten, null for any other value. */
export function nameOfTen(value: Json): string | null {
  const exponent = typeof value === 'number' && value > 0 ? Math.log10(value) : Number.NaN;
  return Math.abs(exponent - Math.round(exponent)) < 1e-6 ? powerOfTen(Math.round(exponent)) : null;
}

/** A list of numbers whose ratios are nearly equal is read as logarithmic. */
function spacing(values: readonly number[]): 'linear' | 'log' {
  if (!values.every((value) => value > 0) || values.length < 3) return 'linear';
  const ratios = values.slice(1).map((value, i) => value / values[i]);
  return Math.max(...ratios) / Math.min(...ratios) < 1.2 && Math.abs(Math.log(ratios[0])) > 0.1 ? 'log' : 'linear';
}

export interface Agreement {
  /** Cells that have a value in both. */
  readonly compared: number;
  readonly equal: number;
  /** equal / compared; NaN for none. */
  readonly share: number;
}

/** What a published map says at each cell of a map; null where it says nothing. Values of its axes are matched within 3 %. */
export function publishedValues(map: SweepMap, published: PublishedMap): (number | string | null)[] {
  const columns = map.x.values.length;
  const flipped = map.x.parameter === published.y.parameter && map.y.parameter === published.x.parameter;
  const fits = map.x.parameter === published.x.parameter && map.y.parameter === published.y.parameter;
  if ((!fits && !flipped) || map.outcome.id !== published.outcome) return Array.from({ length: map.size }, () => null);
  const place = (values: readonly number[], value: Json): number =>
    values.findIndex((other) => typeof value === 'number' && (other === value || Math.abs(other - value) <= 0.03 * Math.abs(other)));
  return Array.from({ length: map.size }, (_, index) => {
    const [x, y] = [map.x.values[index % columns], map.y.values[Math.floor(index / columns)]];
    const [column, row] = [place(published.x.values, flipped ? y : x), place(published.y.values, flipped ? x : y)];
    return column < 0 || row < 0 ? null : published.cells[row * published.x.values.length + column];
  });
}

/** Share of the cells whose phase is that of a published map. Inferred cells count. */
export function agreementWith(map: SweepMap, published: PublishedMap): Agreement {
  const stated = publishedValues(map, published);
  let [compared, equal] = [0, 0];
  stated.forEach((value, index) => {
    const own = map.cell(index).value;
    if (value === null || own === null) return;
    compared += 1;
    if (own === value) equal += 1;
  });
  return { compared, equal, share: equal / compared };
}
