import { cosTurn } from '#app/numerics/elementary.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { LOOKUP } from '../kernels/opcodes.ts';
import type { UpdateTarget } from './optimizer.ts';

/** Steps a schedule may hold: its table takes eight bytes a step. */
const LONGEST = 10_000_000;

/**
 * A learning rate that depends on the step, as a table of doubles: one value for each step it describes, and one for all steps after them.
 * Its parts follow one another: `Schedule.linear(0, 0.001, 100).then(Schedule.cosine(0.001, 0, 9900))`.
 */
export class Schedule {
  /** Learning rates of the steps 1, 2, ...; the last is that of all further steps. */
  readonly values: Float64Array;

  /** @throws LotkaError unless there is a value and all are finite and not negative */
  constructor(values: ArrayLike<number>) {
    this.values = Float64Array.from(values);
    const odd = this.values.find((value) => !(value >= 0 && value < Infinity));
    if (odd !== undefined || this.values.length === 0)
      throw new LotkaError('bad-input', `A schedule needs learning rates that are finite and not negative, not ${odd ?? 'none'}.`);
  }

  /** The same learning rate for some steps and on. */
  static constant(value: number, steps: number): Schedule {
    return tabulate(steps, () => value, value);
  }

  /** A straight line: `from` at the first step, `to` after so many steps and on. A warm-up begins at 0 or a small number. */
  static linear(from: number, to: number, steps: number): Schedule {
    return tabulate(steps, (taken) => from + (to - from) * (taken / steps), to);
  }

  /** Half a cosine wave (Loshchilov & Hutter 2017): `from` at the first step, `to` after so many steps and on. */
  static cosine(from: number, to: number, steps: number): Schedule {
    return tabulate(steps, (taken) => to + ((from - to) * (1 + cosTurn(taken, 2 * steps))) / 2, to);
  }

  /**
   * A staircase: `first`, multiplied by `factor` after every `every` steps, `stairs` times in all.
   * @param stairs whole number of at least 1
   */
  static staircase(first: number, factor: number, every: number, stairs: number): Schedule {
    let value = first;
    return tabulate(
      every * stairs,
      (taken) => {
        if (taken > 0 && taken % every === 0) value *= factor;
        return value;
      },
      () => value * factor,
    );
  }

  /** This schedule for its steps, then another one. */
  then(next: Schedule): Schedule {
    const own = this.values.length - 1;
    requireSteps(own + next.values.length - 1);
    return new Schedule([...this.values.subarray(0, own), ...next.values]);
  }

  /** The learning rate of a step, counted from 1. */
  at(step: number): number {
    return this.values[Math.min(step, this.values.length) - 1];
  }
}

/** A fixed learning rate or one that depends on the step. */
export type LearningRate = number | Schedule;

/** The learning rate of a step, counted from 1. */
export function rateAt(rate: LearningRate, step: number): number {
  return typeof rate === 'number' ? rate : rate.at(step);
}

/** Address of the double that holds the step's learning rate when the calls emitted from here on run. */
export function lowerRate(rate: LearningRate, target: UpdateTarget): number {
  if (typeof rate === 'number') return target.scalar(rate);
  const slot = target.slot();
  target.call(LOOKUP, target.table(rate.values), rate.values.length, target.counter, slot);
  return slot;
}

function tabulate(steps: number, value: (taken: number) => number, end: number | (() => number)): Schedule {
  requireSteps(steps);
  const values = new Float64Array(steps + 1);
  for (let taken = 0; taken < steps; taken++) values[taken] = value(taken);
  values[steps] = typeof end === 'number' ? end : end();
  return new Schedule(values);
}

function requireSteps(steps: number): void {
  if (!Number.isInteger(steps) || steps < 1 || steps > LONGEST)
    throw new LotkaError('bad-input', `A schedule describes a whole number of steps in 1..${LONGEST}, not ${steps}.`);
}
