/** One recorded quantity of several runs in one figure: one colour a run, the same wherever the run is shown. */
import { stepsOf, tellsSteps } from '#app/circles/steps.ts';
import type { RecordedRun, SeriesInfo } from '#app/experiments/experiment.ts';
import { slotColour } from '#app/figures/colours.ts';
import type { Axis, FigureSpec, LinkKey } from '#app/figures/spec.ts';

export interface ComparedRun {
  readonly run: RecordedRun;
  /** Not that of another run, see `distinctNames`. */
  readonly name: string;
  /** Colour slot, 0 .. 7. */
  readonly slot: number;
}

export interface CurveAxes {
  readonly x: 'linear' | 'log';
  /** `auto`: logarithmic where all values are positive and the largest is more than a hundred times the least. */
  readonly y: 'linear' | 'log' | 'auto';
}

/** Names the curves of a run, so that pointing at one shows the run everywhere. */
export const runKey = (run: string): LinkKey => `run ${run}`;

/** Series of one number a step that every run recorded under the same name, in the order of the first; empty without runs. */
export function sharedSeries(runs: readonly Pick<RecordedRun, 'seriesInfo'>[]): SeriesInfo[] {
  const [first, ...others] = runs;
  const holds = ({ seriesInfo }: Pick<RecordedRun, 'seriesInfo'>, wanted: SeriesInfo) =>
    seriesInfo.some(({ name, width, unit }) => name === wanted.name && width === 1 && unit === wanted.unit);
  return (first?.seriesInfo ?? []).filter((info) => info.width === 1 && others.every((run) => holds(run, info)));
}

/**
 * A scalar series of all runs over the step. Runs may be of different length.
 * @param series a name out of `sharedSeries`
 * @returns the figure, or a sentence saying why there is nothing to draw
 */
export function overlaidCurves(compared: readonly ComparedRun[], series: string, axes: CurveAxes): FigureSpec | string {
  const info = sharedSeries(compared.map(({ run }) => run)).find(({ name }) => name === series);
  if (!info) return `Not every run records ${series}.`;
  const columns = compared.map(({ run }) => run.series(series).values);
  const longest = Math.max(...columns.map(({ length }) => length));
  if (longest < 2) return 'Nothing is recorded yet.';
  // One x for all lines: what ends earlier has no value there.
  const steps = Float64Array.from({ length: longest }, (_, step) => step);
  // Rows of an imported run are at steps of their own.
  const own = compared.some(({ run }) => tellsSteps(run));
  return {
    id: `compare-${series}`,
    title: info.label,
    x: { label: 'step', unit: '', scale: axes.x },
    y: { label: info.label, unit: info.unit, scale: axes.y === 'auto' ? suitableScale(columns) : axes.y },
    marks: compared.map(({ run, name, slot }, index) => ({
      kind: 'line',
      key: runKey(run.id),
      label: name,
      x: own ? stepsOf(run, columns[index]!.length) : steps,
      y: columns[index]!,
      colour: slotColour(slot),
      legend: true,
    })),
  };
}

const manyTimes = 100;

function suitableScale(columns: readonly ArrayLike<number>[]): Axis['scale'] {
  let [least, greatest] = [Infinity, 0];
  for (const column of columns) {
    for (let index = 0; index < column.length; index += 1) {
      const value = column[index]!;
      if (value <= 0) return 'linear';
      if (!Number.isFinite(value)) continue;
      if (value < least) least = value;
      if (value > greatest) greatest = value;
    }
  }
  return greatest > manyTimes * least ? 'log' : 'linear';
}
