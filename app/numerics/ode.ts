/**
 * Dormand-Prince 5(4) with adaptive steps and dense output of fourth order
 * (Hairer, Norsett, Wanner, Solving Ordinary Differential Equations I, section II.5 and their code dopri5).
 */

import { exp, log } from './elementary.ts';

/** Writes dx/dt at (t, x) to `out`. */
export type Derivative = (t: number, x: Float64Array, out: Float64Array) => void;

export interface IntegrationOptions {
  /** Largest local error per component: absoluteTolerance + relativeTolerance |x|. */
  readonly relativeTolerance?: number;
  readonly absoluteTolerance?: number;
  readonly maximumSteps?: number;
}

export interface Trajectory {
  /** Times of the accepted steps, the first being the start. */
  readonly times: readonly number[];
  /** State at any time between start and end. @throws RangeError outside */
  at(t: number): Float64Array;
}

const nodes = [0, 1 / 5, 3 / 10, 4 / 5, 8 / 9, 1, 1];
const stages = [
  [],
  [1 / 5],
  [3 / 40, 9 / 40],
  [44 / 45, -56 / 15, 32 / 9],
  [19372 / 6561, -25360 / 2187, 64448 / 6561, -212 / 729],
  [9017 / 3168, -355 / 33, 46732 / 5247, 49 / 176, -5103 / 18656],
  [35 / 384, 0, 500 / 1113, 125 / 192, -2187 / 6784, 11 / 84],
];
const error = [71 / 57600, 0, -71 / 16695, 71 / 1920, -17253 / 339200, 22 / 525, -1 / 40];
const dense = [
  -12715105075 / 11282082432,
  0,
  87487479700 / 32700410799,
  -10690763975 / 1880347072,
  701980252875 / 199316789632,
  -1453857185 / 822651844,
  69997945 / 29380423,
];

/**
 * Integrates dx/dt = f(t, x) from `start` to `end` (either direction).
 * @throws RangeError if the solution leaves the finite numbers or needs more steps than allowed
 */
export function integrate(
  derivative: Derivative,
  initial: ArrayLike<number>,
  start: number,
  end: number,
  options: IntegrationOptions = {},
): Trajectory {
  const { relativeTolerance = 1e-8, absoluteTolerance = 1e-10, maximumSteps = 100_000 } = options;
  const size = initial.length;
  const direction = end >= start ? 1 : -1;
  const k = Array.from({ length: 7 }, () => new Float64Array(size));
  let x = Float64Array.from(initial);
  let next = new Float64Array(size);
  const times = [start];
  /** Five interpolation coefficients per component and step. */
  const pieces: Float64Array[] = [];
  derivative(start, x, k[0]);
  let t = start;
  let step = direction * Math.min(Math.abs(end - start), initialStep(x, k[0], relativeTolerance, absoluteTolerance));
  let previousError = 1e-4;
  let rejected = false;

  for (let attempt = 0; t !== end; attempt += 1) {
    if (attempt === maximumSteps) throw new RangeError(`the integration took ${maximumSteps} steps and only reached t = ${t}`);
    const last = Math.abs(end - t) <= Math.abs(step) * (1 + 1e-12);
    if (last) step = end - t;
    for (let stage = 1; stage < 7; stage += 1) {
      next.set(x);
      stages[stage].forEach((weight, j) => {
        for (let i = 0; i < size; i += 1) next[i] += step * weight * k[j][i];
      });
      derivative(t + nodes[stage] * step, next, k[stage]);
    }
    // `next` now holds the fifth-order solution, for the last stage is evaluated there.
    let square = 0;
    for (let i = 0; i < size; i += 1) {
      let difference = 0;
      for (let stage = 0; stage < 7; stage += 1) difference += error[stage] * k[stage][i];
      square += ((step * difference) / (absoluteTolerance + relativeTolerance * Math.max(Math.abs(x[i]), Math.abs(next[i])))) ** 2;
    }
    const scaled = Math.sqrt(square / Math.max(size, 1));
    if (!Number.isFinite(scaled) && Math.abs(step) < 1e-12 * Math.max(1, Math.abs(t)))
      throw new RangeError(`the solution leaves the finite numbers near t = ${t}`);
    // Proportional-integral control of the step.
    const shrink = scaled === 0 ? 0.1 : Math.min(5, Math.max(0.1, exp(0.17 * log(scaled) - 0.04 * log(previousError)) / 0.9));
    if (scaled <= 1) {
      pieces.push(interpolation(x, next, k, step));
      t = last ? end : t + step;
      times.push(t);
      [x, next] = [next, x];
      [k[0], k[6]] = [k[6], k[0]];
      previousError = Math.max(scaled, 1e-4);
      step /= rejected ? Math.max(1, shrink) : shrink;
      rejected = false;
    } else {
      step /= Number.isFinite(scaled) ? Math.min(5, Math.max(1.1, exp(0.17 * log(scaled)) / 0.9)) : 10;
      rejected = true;
    }
  }
  const finalState = x;

  return {
    times,
    at(time) {
      if (!((time - start) * direction >= 0 && (end - time) * direction >= 0))
        throw new RangeError(`t = ${time} lies outside ${start} .. ${end}`);
      if (time === end) return finalState.slice();
      let [low, high] = [0, pieces.length - 1];
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((time - times[middle]) * direction >= 0) low = middle;
        else high = middle - 1;
      }
      const theta = (time - times[low]) / (times[low + 1] - times[low]);
      const piece = pieces[low];
      const state = new Float64Array(size);
      for (let i = 0; i < size; i += 1) {
        const [c0, c1, c2, c3, c4] = piece.subarray(5 * i, 5 * i + 5);
        state[i] = c0 + theta * (c1 + (1 - theta) * (c2 + theta * (c3 + (1 - theta) * c4)));
      }
      return state;
    },
  };
}

function interpolation(x: Float64Array, next: Float64Array, k: readonly Float64Array[], step: number): Float64Array {
  const piece = new Float64Array(5 * x.length);
  for (let i = 0; i < x.length; i += 1) {
    const difference = next[i] - x[i];
    const bend = step * k[0][i] - difference;
    let quartic = 0;
    for (let stage = 0; stage < 7; stage += 1) quartic += dense[stage] * k[stage][i];
    piece.set([x[i], difference, bend, difference - step * k[6][i] - bend, step * quartic], 5 * i);
  }
  return piece;
}

/** A first step whose explicit Euler increment is about 1 % of the state, on the scale of the tolerances. */
function initialStep(x: Float64Array, slope: Float64Array, relative: number, absolute: number): number {
  let [size, speed] = [0, 0];
  for (let i = 0; i < x.length; i += 1) {
    const scale = absolute + relative * Math.abs(x[i]);
    size += (x[i] / scale) ** 2;
    speed += (slope[i] / scale) ** 2;
  }
  return size < 1e-10 || speed < 1e-10 ? 1e-6 : 0.01 * Math.sqrt(size / speed);
}
