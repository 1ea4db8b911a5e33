/** Landscapes of two variables as surfaces: the loss on a plane through the weights, and a map over pinned norms. */
import type { Experiment, RecordedRun } from '#app/experiments/experiment.ts';
import type { SurfaceAxis, SurfacePath, SurfaceSpec } from '#app/figures/scene.ts';
import { linearTicks, logTicks } from '#app/figures/ticks.ts';
import type { MapAxis, SweepMap } from '#app/sweeps/map.ts';
import type { PlaneSection, SectionCurve } from './section.ts';

/** Values may be this many times the least: beyond it a plane is a wall, and what is at its foot could not be seen. */
const highest = 1e6;
const contourCount = 8;

/**
 * A plane section as a surface.
 * @param step at which the run stands: its ball lies at the last place of its way up to there
 */
export function planeSurface(curve: SectionCurve, section: PlaneSection, step: number): SurfaceSpec {
  const { directions, explained, path, x, y } = section;
  const which = directions === 'random' ? 'random direction' : 'principal direction';
  const axis = (ordinal: string, values: ArrayLike<number>): SurfaceAxis => ({
    label: `${ordinal} ${which}`,
    unit: '',
    scale: 'linear',
    values,
  });
  return {
    title: `${capital(curve.label)} around step ${section.step}`,
    subtitle:
      directions === 'random'
        ? 'two random directions, as long as the weights filter by filter'
        : `${Math.round(100 * (explained[0] + explained[1]))} % of the way lies in this plane`,
    x: axis('first', x),
    y: axis('second', y),
    ...heights(section.values[curve.id], curve, highest),
    path: { label: 'run', x: path.x, y: path.y, at: path.steps.findLastIndex((at) => at <= step) },
  };
}

/**
 * A map of numbers as a surface, with holes where there is no result.
 * @returns a sentence where it cannot be one
 */
export function mapSurface(map: SweepMap, title: string, path: SurfacePath | null = null): SurfaceSpec | string {
  const { outcome, x, y } = map;
  if (outcome.kind === 'phase') return 'Phases have no height; choose an outcome that is a number.';
  if (y.parameter === null) return 'A surface needs two axes; this sweep has one.';
  const [across, up] = [surfaceAxis(x), surfaceAxis(y)];
  if (!across || !up) return 'A surface needs two axes of numbers.';
  const values = Float64Array.from({ length: map.size }, (_, index) => {
    const { value } = map.cell(index);
    return typeof value === 'number' ? value : Number.NaN;
  });
  const { label, unit, scale = 'linear', domain } = outcome;
  return { title, subtitle: label, x: across, y: up, ...heights(values, { label, unit, scale }, Infinity, domain), path };
}

/** The way of a free run over a map of pinned ones: its norm as the initial scale that has this norm, at the run's own second value. */
export function wayOverMap(experiment: Experiment, map: SweepMap, run: RecordedRun, step: number): SurfacePath | null {
  const info = experiment.landscape;
  if (!info) return null;
  const other = map.x.parameter === info.scale ? map.y : map.y.parameter === info.scale ? map.x : null;
  const place = other?.parameter === null || !other ? null : run.parameters[other.parameter];
  const { rows, values } = run.series(info.normSeries);
  if (!other || typeof place !== 'number' || rows === 0) return null;
  const rate = Number(run.parameters[info.scale]) / values[0];
  const stride = Math.max(1, Math.ceil(rows / wayPoints));
  const steps = Int32Array.from({ length: Math.ceil((rows - 1) / stride) + 1 }, (_, i) => Math.min(i * stride, rows - 1));
  const scales = Float64Array.from(steps, (row) => rate * values[row]);
  const places = new Float64Array(steps.length).fill(place);
  const [x, y] = other === map.y ? [scales, places] : [places, scales];
  return { label: 'run', x, y, at: steps.findLastIndex((at) => at <= step) };
}

const wayPoints = 400;

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;

/** Strictly growing numbers; null for anything else. */
function surfaceAxis({ label, unit, scale, values }: MapAxis): SurfaceAxis | null {
  const numbers = values.map(Number);
  const grows = numbers.every((value, i) => Number.isFinite(value) && (i === 0 || value > numbers[i - 1]));
  if (!grows || numbers.length < 2) return null;
  return { label, unit, scale: scale === 'log' || isGeometric(numbers) ? 'log' : 'linear', values: numbers };
}

/** True if numbers, e.g. those of a list, are spread more evenly over magnitudes than over their range. */
function isGeometric(values: readonly number[]): boolean {
  if (!(values[0] > 0)) return false;
  const unevenness = (places: readonly number[]): number => {
    const gaps = places.slice(1).map((place, i) => place - places[i]);
    return Math.max(...gaps) / Math.min(...gaps);
  };
  return unevenness(values.map(Math.log)) < unevenness(values);
}

function heights(
  values: ArrayLike<number>,
  { label, unit, scale }: Pick<SectionCurve, 'label' | 'unit' | 'scale'>,
  mostTimesLeast: number,
  known?: readonly [number, number],
): Pick<SurfaceSpec, 'values' | 'value' | 'contours'> {
  const there = Array.from(values).filter((value) => Number.isFinite(value) && (scale === 'linear' || value > 0));
  const [least, most] =
    there.length === 0
      ? [1, 10]
      : there.reduce(([low, high], value) => [Math.min(low, value), Math.max(high, value)], [Infinity, -Infinity]);
  const low = known?.[0] ?? least;
  const top = known?.[1] ?? (scale === 'log' ? Math.min(most, mostTimesLeast * least) : most);
  const domain: readonly [number, number] = top > low ? [low, top] : [low, scale === 'log' ? 10 * low : low + 1];
  const ticks = scale === 'log' ? logTicks(domain, contourCount) : linearTicks(domain, contourCount);
  return {
    values,
    value: { label, unit, scale, domain },
    contours: ticks.map(({ value }) => value).filter((value) => value > domain[0] && value < domain[1]),
  };
}
