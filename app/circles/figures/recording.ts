/** What the figures read of a recorded run. */
import { slotColour } from '#app/figures/colours.ts';
import type { ColourToken, Mark } from '#app/figures/spec.ts';
import type { Figure, RecordedRun } from '#app/experiments/experiment.ts';
import { leastSteps } from '../dynamics.ts';
import { circleCount, type CircleParameters } from '../signals.ts';
import { stepOf } from '../steps.ts';
import { colourSlots, signalHistory } from '../survivors.ts';

export type CircleRun = RecordedRun<CircleParameters>;

/** One component of a series over all recorded rows. */
export function columnOf({ width, rows, values }: ReturnType<CircleRun['series']>, column: number): Float64Array {
  const taken = new Float64Array(rows);
  for (let row = 0, at = column; row < rows; row += 1, at += width) taken[row] = values[at];
  return taken;
}

/** The step that is looked at, as a line across the figure; nothing at the ends, where it would only cover the edge. */
export function cursor(run: CircleRun, step: number, rows: number): Mark[] {
  return step > 0 && step < rows - 1 ? [{ kind: 'rule', axis: 'x', at: stepOf(run, step), colour: 'accent' }] : [];
}

/** "Needs 5 steps; 3 are recorded." */
export const needsSteps = (wanted: number, recorded: number): string =>
  `Needs ${wanted} ${wanted === 1 ? 'step' : 'steps'}; ${recorded === 0 ? 'none is' : recorded === 1 ? '1 is' : `${recorded} are`} recorded.`;

interface Coloured {
  readonly rows: number;
  readonly slots: ReadonlyMap<number, number>;
}

/** Slots by run, because pictures ask for them at every drawn frame. */
const remembered = new WeakMap<CircleRun, Coloured>();

/** Colour of every circle by frequency, as in every other panel: `dead`, or that of its slot. */
export function circleColours(run: CircleRun): (k: number) => ColourToken {
  const history = signalHistory(run);
  let known = remembered.get(run);
  if (known?.rows !== history.rows) {
    known = { rows: history.rows, slots: colourSlots(history) };
    remembered.set(run, known);
  }
  const { slots } = known;
  return (k) => slotColour(slots.get(k) ?? -1);
}

export type CircleFigure = Figure<CircleParameters>;

/** Why a figure of the fitted law has nothing to show. */
export function fitNeeds(run: CircleRun): string {
  const steps = Math.max(0, signalHistory(run).rows - 1);
  const least = leastSteps(circleCount(run.parameters.modulus));
  return steps < least ? needsSteps(least, steps) : 'Needs the fitted dynamics, which have not been computed for this run.';
}
