/** Maps and marginal curves of sweeps as figures, and their data as tables. */
import type { Experiment, PublishedMap } from '#app/experiments/experiment.ts';
import { readable } from '#app/figures/format.ts';
import { linearTicks, logTicks } from '#app/figures/ticks.ts';
import type { FigureSpec, Mark } from '#app/figures/spec.ts';
import type { Table } from '#app/figures/table.ts';
import type { SweepDefinition, SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { bandOf } from './bands.ts';
import { isoLine } from './iso.ts';
import { marginal } from './marginals.ts';
import { agreementWith, disagreement, nameOfTen, publishedValues, type MapAxis, type SweepMap } from './map.ts';
import { pointsOf } from './points.ts';
import { smoothed, smoothing } from './smooth.ts';

export interface MapFigureOptions {
  readonly title: string;
  /** Laid into the cells as smaller squares, with the share of equal cells in the aside. */
  readonly published?: PublishedMap | null;
  /** Lines of equal value over a map of numbers. */
  readonly isoLines?: boolean;
  /** Ends of the colours; from the data unless told. */
  readonly domain?: readonly [number, number];
  /** Smooth boundaries between phases, for looking at only; a sentence under the map says so. */
  readonly smoothed?: boolean;
  readonly notes?: readonly string[];
}

const axisLabel = ({ label }: MapAxis): string => label;

/** The ends of the colours of a map of numbers: those of the outcome, else what is shown. */
export function colourDomain(map: SweepMap, logarithmic: boolean): readonly [number, number] {
  const range = map.outcome.domain ?? map.range() ?? [0, 1];
  if (!logarithmic || range[0] > 0) return range;
  const positive = Array.from({ length: map.size }, (_, index) => map.cell(index).value).filter(
    (value): value is number => typeof value === 'number' && value > 0,
  );
  return positive.length > 0 ? [Math.min(...positive), Math.max(...positive)] : [1, 10];
}

/** The map as a figure: x to the right, y upwards. */
export function mapFigure(experiment: Experiment, map: SweepMap, options: MapFigureOptions): FigureSpec {
  const columns = map.x.values.length;
  const rows = map.y.values.length;
  // Drawn rows go down, values of an axis go up.
  const order = Array.from({ length: map.size }, (_, place) => (rows - 1 - Math.floor(place / columns)) * columns + (place % columns));
  const cells = order.map((index) => map.cell(index));
  const phases = experiment.phases;
  const isPhase = map.outcome.kind === 'phase';
  const logarithmic = !isPhase && map.outcome.scale === 'log';
  const numberOf = (value: number | string | null): number =>
    typeof value === 'number' ? value : typeof value === 'string' ? phases.findIndex(({ id }) => id === value) : Number.NaN;
  const values = Float64Array.from(cells, ({ value }) => numberOf(value));
  const placesOf = (applies: (cell: (typeof cells)[number]) => boolean): number[] =>
    cells.flatMap((cell, place) => (applies(cell) ? [place] : []));
  const hatches = [{ ...disagreement, label: disagreementLabel(map) }, ...experiment.hatches]
    .map(({ id, label }) => ({ label, cells: placesOf((cell) => cell.hatches.includes(id)) }))
    .filter(({ cells: hatched }) => hatched.length > 0);
  const inferred = placesOf(({ state }) => state === 'inferred');
  const trained = placesOf(({ state, value }) => state !== 'inferred' && value !== null);
  const { published } = options;
  const smooth = options.smoothed === true && canBeSmoothed(map);
  const stated = published ? publishedValues(map, published) : null;
  const agreement = published ? agreementWith(map, published) : null;
  const domain = options.domain ?? (isPhase ? [0, Math.max(1, phases.length - 1)] : colourDomain(map, logarithmic));
  const levels = options.isoLines && !isPhase ? (logarithmic ? logTicks(domain, 5) : linearTicks(domain, 5)) : [];
  const heights = logarithmic ? values.map((value) => Math.log10(value)) : values;
  const mark: Extract<Mark, { kind: 'cells' }> = {
    kind: 'cells',
    rows: headersOf(map.y)
      .reverse()
      .map(({ at, ...header }) => ({ ...header, ...(at === undefined ? {} : { at: 1 - at }) })),
    columns: headersOf(map.x),
    values,
    scale: isPhase ? 'category' : 'sequential',
    domain,
    valueLabel: map.outcome.unit === '' ? map.outcome.label : `${map.outcome.label} (${map.outcome.unit})`,
    stretched: true,
    logarithmic,
    categories: isPhase ? phases.map(({ label, colour }) => ({ label, colour })) : undefined,
    hatches: hatches.length > 0 ? hatches : undefined,
    // Tiles of a refined map have places of their own, which say what is trained.
    dots: inferred.length > 0 && !isDivided(map) ? { label: 'trained here', cells: trained } : undefined,
    lines: levels.map(({ value, label }) => ({ label, pieces: isoLine(heights, columns, logarithmic ? Math.log10(value) : value) })),
    tiles: isDivided(map) ? tilesOf(map, columns, rows) : undefined,
    smooth: smooth ? smoothed(values, columns, rows, smoothing(columns, rows)) : undefined,
    inner: stated && isPhase ? { label: 'inside: published', values: order.map((index) => numberOf(stated[index])) } : undefined,
  };
  return {
    id: 'map',
    title: options.title,
    aside: agreement && agreement.compared > 0 ? `${agreement.equal} of ${agreement.compared} cells as published` : undefined,
    x: { label: axisLabel(map.x), unit: map.x.unit, scale: 'category' },
    y: { label: axisLabel(map.y), unit: map.y.unit, scale: 'category' },
    marks: [mark],
    notes: [
      ...(published ? [`Published: ${published.label}, ${published.source}.`] : []),
      ...(smooth ? [smoothNote] : []),
      ...(options.notes ?? []),
    ].map((text) => ({ text })),
  };
}

/** What the hatch of cells says whose trials differ. */
export const disagreementLabel = ({ sampled }: SweepMap): string => (sampled ? 'points disagree' : disagreement.label);

/** What is said wherever boundaries are smoothed. */
export const smoothNote =
  'Boundaries are smoothed for display: every phase by itself, bicubic, and the greatest wins. Nothing is computed from them.';

/** Phases on a whole grid of two axes that have an order; what lies between other cells cannot be guessed. */
export const canBeSmoothed = (map: SweepMap): boolean =>
  map.outcome.kind === 'phase' &&
  !map.sampled &&
  map.y.parameter !== null &&
  [map.x, map.y].every(({ scale }) => scale !== 'category') &&
  !isDivided(map);

/** Whether refining added values: cells then are of different size. */
const isDivided = ({ x, y }: SweepMap): boolean => x.planned.length < x.values.length || y.planned.length < y.values.length;

/** Names of an axis in its order; along a logarithm powers of ten can stand for the others. */
function headersOf(axis: MapAxis): { label: string; major?: string; at?: number }[] {
  const { centres, size } = bandOf(axis);
  const even = axis.planned.length === axis.values.length;
  return axis.names.map((label, index) => ({
    label,
    major: axis.scale === 'log' ? (nameOfTen(axis.values[index]) ?? undefined) : undefined,
    at: even ? undefined : centres[index] / size,
  }));
}

/** Cells of a map that refining divided: first those that were planned, then, over them, those that were added and have trials. */
function tilesOf(map: SweepMap, columns: number, rows: number): { cell: number; box: [number, number, number, number] }[] {
  const [x, y] = [bandOf(map.x), bandOf(map.y)];
  const planned: { cell: number; box: [number, number, number, number] }[] = [];
  const added: typeof planned = [];
  for (let index = 0; index < map.size; index += 1) {
    const [column, row] = [index % columns, Math.floor(index / columns)];
    const [across, up] = [x.wide[column], y.wide[row]];
    const wide = across && up;
    if (!wide && map.cell(index).trials.length === 0) continue;
    const [left, right] = wide ? across : x.edges[column];
    const [foot, head] = wide ? up : y.edges[row];
    const cell = (rows - 1 - row) * columns + column;
    (wide ? planned : added).push({ cell, box: [left / x.size, 1 - head / y.size, right / x.size, 1 - foot / y.size] });
  }
  return [...planned, ...added];
}

/** What a map's cells are, in a few short sentences: seeds, rule, slice, and what is not trained. */
export function mapNote(map: SweepMap, { definition, done, planned }: Pick<SweepRecord, 'definition' | 'done' | 'planned'>): string {
  const { count, first } = definition.seeds;
  const isPhase = map.outcome.kind === 'phase';
  const rule = isPhase ? 'majority' : 'median';
  const seeds =
    map.seed !== null
      ? `Seed ${first + map.seed} only`
      : count === 1
        ? 'One seed a cell'
        : `The ${rule} of ${count} seeds a cell${isPhase ? '' : ', of those that have a value'}`;
  const slice = Object.entries(map.at).map(
    ([name, value]) => `${name} = ${typeof value === 'number' ? readable(value) : JSON.stringify(value)}`,
  );
  const trained = done < planned ? ` ${done} of ${planned} trials are trained.` : '';
  return `${seeds}${slice.length > 0 ? `; ${slice.join(', ')}` : ''}.${trained}`;
}

/** The outcome against one axis: the median with the quartiles of a number, the share of each phase. */
export function marginalFigure(experiment: Experiment, map: SweepMap, along: 'x' | 'y'): FigureSpec | string {
  const axis = map[along];
  if (axis.scale === 'category') return `${axis.label || 'This axis'} has no order to draw a curve along.`;
  const points = marginal(map, along).filter(({ count }) => count > 0);
  if (points.length === 0) return 'No trial has a result yet.';
  const x = points.map(({ value }) => value as number);
  const line = (
    label: string,
    y: readonly (number | null)[],
    colour: Extract<Mark, { kind: 'line' }>['colour'],
    legend: boolean,
    dash = false,
  ): Mark => ({
    kind: 'line',
    label,
    x,
    y: y.map((value) => value ?? Number.NaN),
    colour,
    legend,
    dash,
  });
  const isPhase = map.outcome.kind === 'phase';
  return {
    id: `marginal-${along}`,
    title: `${map.outcome.label} along ${axis.label.toLowerCase()}`,
    x: { label: axis.label, unit: axis.unit, scale: axis.scale },
    y: isPhase
      ? { label: 'share of trials', unit: '', scale: 'linear', domain: [0, 1] }
      : { label: map.outcome.label, unit: map.outcome.unit, scale: map.outcome.scale ?? 'linear' },
    marks: isPhase
      ? experiment.phases.map(({ id, label, colour }) =>
          line(
            label,
            points.map(({ shares }) => shares[id] ?? 0),
            colour,
            true,
          ),
        )
      : [
          line(
            'median',
            points.map(({ median }) => median),
            'f1',
            true,
          ),
          line(
            'quartiles',
            points.map(({ lower }) => lower),
            'f1',
            true,
            true,
          ),
          line(
            'upper quartile',
            points.map(({ upper }) => upper),
            'f1',
            false,
            true,
          ),
        ],
  };
}

/** One row a trial, in the order of points and seeds: values of the axes, seed, how it ended, every outcome, seconds. */
export function trialTable(
  experiment: Experiment,
  record: Pick<SweepRecord, 'definition' | 'added'>,
  results: readonly TrialResult[],
): Table {
  const { definition, added } = record;
  const points = pointsOf(experiment, definition, added);
  const names = definition.axes.map(({ parameter }) => parameter);
  const text = (value: unknown): number | string | null =>
    typeof value === 'number' || typeof value === 'string' ? value : value === null || value === undefined ? null : JSON.stringify(value);
  return {
    columns: ['point', 'seed', ...names, 'state', 'step', ...experiment.outcomes.map(({ id }) => id), 'seconds', 'message'],
    rows: [...results]
      .sort((a, b) => a.point - b.point || a.seed - b.seed)
      .map((result) => [
        result.point,
        seedOf(definition, result.seed),
        ...names.map((name) => text(points.at(result.point).values[name])),
        result.state,
        result.step,
        ...experiment.outcomes.map(({ id }) => result.outcomes[id] ?? null),
        result.seconds,
        result.message,
      ]),
  };
}

/** The seed that a trial's parameters got. */
const seedOf = ({ seeds }: SweepDefinition, seed: number): number => seeds.first + seed;
