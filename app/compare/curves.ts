/** One recorded quantity of several runs in one figure: one colour a run, the same wherever the run is shown. */
import { stepOf, stepsOf, tellsSteps } from '#app/circles/steps.ts';
import type { RecordedRun, SeriesInfo } from '#app/experiments/experiment.ts';
import { slotColour } from '#app/figures/colours.ts';
import type { Axis, FigureSpec, LinkKey } from '#app/figures/spec.ts';

export interface ComparedRun {
  readonly run: RecordedRun;
  /** Not that of another run, see `distinctNames`. */
  readonly name: string;
  /** Colour slot, 0 .. 7. */
  readonly slot: number;
  /** Row at which the event happens that runs are aligned at; 0 unless they are aligned. */
  readonly eventRow?: number;
}

export interface CurveAxes {
  readonly x: 'linear' | 'log';
  /** `auto`: logarithmic where all values are positive and the largest is more than a hundred times the least. */
  readonly y: 'linear' | 'log' | 'auto';
  /** What the event is called that the runs are aligned at: steps are counted from it, evenly. None unless told. */
  readonly event?: string | null;
  /** Draws by how much each run lies above the first. Such values have signs: their axis is linear. */
  readonly difference?: boolean;
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
 * A scalar series of all runs over the step, or over the steps before and after an event that all of them have. Runs may be of
 * different length.
 * @param series a name out of `sharedSeries`
 * @returns the figure, or a sentence saying why there is nothing to draw
 */
export function overlaidCurves(compared: readonly ComparedRun[], series: string, axes: CurveAxes): FigureSpec | string {
  const shared = sharedSeries(compared.map(({ run }) => run));
  const info = shared.find(({ name }) => name === series);
  if (!info) return `Not every run records ${series}; all of them record ${shared.map(({ name }) => name).join(', ') || 'nothing alike'}.`;
  const columns = compared.map(({ run }) => run.series(series).values);
  const longest = Math.max(...columns.map(({ length }) => length));
  if (longest < 2) return 'Nothing is recorded yet.';
  const { event = null, difference = false } = axes;
  const steps = placesOf(compared, columns, event !== null);
  const [first] = compared;
  const values = difference
    ? columns.map((column, index) => (index === 0 ? column.map(() => 0) : minus(steps[index]!, column, steps[0]!, columns[0]!)))
    : columns;
  const signed = difference ? 'linear' : null;
  return {
    id: `compare-${series}`,
    title: difference ? `${info.label}, above that of ${first!.name}` : info.label,
    x: { label: event === null ? 'step' : `steps from: ${event}`, unit: '', scale: event === null ? axes.x : 'linear' },
    y: {
      label: difference ? `difference of ${info.label}` : info.label,
      unit: info.unit,
      scale: signed ?? (axes.y === 'auto' ? suitableScale(columns) : axes.y),
    },
    marks: compared.map(({ run, name, slot }, index) => ({
      kind: 'line',
      key: runKey(run.id),
      label: name,
      x: steps[index]!,
      y: values[index]!,
      colour: slotColour(slot),
      legend: true,
    })),
  };
}

/** Where each value stands along x, run by run. What is the same for all of them is one array, which is drawn faster. */
function placesOf(compared: readonly ComparedRun[], columns: readonly ArrayLike<number>[], aligned: boolean): Float64Array[] {
  if (!aligned && !compared.some(({ run }) => tellsSteps(run))) {
    // One x for all lines: what ends earlier has no value there.
    const steps = Float64Array.from({ length: Math.max(...columns.map(({ length }) => length)) }, (_, step) => step);
    return compared.map(() => steps);
  }
  return compared.map(({ run, eventRow = 0 }, index) => {
    const steps = stepsOf(run, columns[index]!.length);
    const origin = aligned ? stepOf(run, eventRow) : 0;
    return origin === 0 ? steps : steps.map((step) => step - origin);
  });
}

/** By how much a curve lies above another at its own places, straight lines between what was recorded; NaN where the other has none. */
function minus(x: ArrayLike<number>, y: ArrayLike<number>, otherX: ArrayLike<number>, otherY: ArrayLike<number>): Float64Array {
  const last = Math.min(otherX.length, otherY.length) - 1;
  let at = 0;
  return Float64Array.from({ length: y.length }, (_, index) => {
    const place = x[index]!;
    if (!(place >= otherX[0]! && place <= otherX[last]!)) return NaN;
    while (at < last && otherX[at + 1]! <= place) at += 1;
    if (at === last || otherX[at] === place) return y[index]! - otherY[at]!;
    const share = (place - otherX[at]!) / (otherX[at + 1]! - otherX[at]!);
    return y[index]! - (otherY[at]! + share * (otherY[at + 1]! - otherY[at]!));
  });
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
