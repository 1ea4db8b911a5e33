/**
 * The law of motion of the signals: y(t) = x(t+1) - x(t) fitted by y = A x + b (paper, section on differential equations).
 * Linear in the signals, not the quadratic Lotka-Volterra form that inspired it.
 */
import { matrixExponential } from '#app/numerics/linear-algebra.ts';
import { integrate } from '#app/numerics/ode.ts';
import { applyModel, diagonalLeastSquares, lasso, leastSquares, rSquared } from '#app/numerics/regression.ts';
import type { LinearModel, Observations } from '#app/numerics/regression.ts';
import type { SignalHistory } from './survivors.ts';

/** Last step of the paper's fit: signals of steps 0 .. 999. */
export const fitWindow = 999;

/** Steps that a fit of n frequencies needs: the hold-out fits half of them, and a law has n + 1 numbers for each frequency. */
export const leastSteps = (frequencies: number): number => 2 * (frequencies + 1);

/** Signals at consecutive steps. */
export interface Window {
  readonly from: number;
  /** Number of increments: `signals` has one row more. */
  readonly steps: number;
  readonly frequencies: number;
  /** Row-major, (steps + 1) x frequencies. */
  readonly signals: Float64Array;
}

/** Signals of steps `from` .. `to`, as far as they are recorded. */
export function windowOf(history: SignalHistory, from: number, to: number): Window {
  const last = Math.min(to, history.rows - 1);
  if (last < from) return { from, steps: -1, frequencies: 0, signals: new Float64Array() };
  const frequencies = history.at(0).signals.length;
  const signals = new Float64Array((last - from + 1) * frequencies);
  for (let step = from; step <= last; step += 1) signals.set(history.at(step).signals as Float64Array, (step - from) * frequencies);
  return { from, steps: last - from, frequencies, signals };
}

function slice(window: Window, from: number, to: number): Window {
  return {
    ...window,
    from: window.from + from,
    steps: to - from,
    signals: window.signals.subarray(from * window.frequencies, (to + 1) * window.frequencies),
  };
}

function observationsOf({ steps, frequencies, signals }: Window): Observations {
  const size = steps * frequencies;
  const y = new Float64Array(size);
  for (let i = 0; i < size; i += 1) y[i] = signals[i + frequencies] - signals[i];
  return { rows: steps, inputs: frequencies, outputs: frequencies, x: signals.subarray(0, size), y };
}

/** Signals that a law predicts from the first row alone. */
export interface Rollout {
  /** Row-major, (steps + 1) x frequencies; NaN once it leaves the finite numbers. */
  readonly signals: Float64Array;
  /** Root mean square error, relative to how much the signals move: see `relativeError`. */
  readonly error: number;
}

export interface FittedDynamics {
  readonly model: LinearModel;
  /** R² of the increments, uniform average over frequencies, in sample. */
  readonly r2: number;
  /** Share of entries of A that are not zero. */
  readonly nonZero: number;
  /** False if the fit stopped before its tolerance. */
  readonly converged: boolean;
  readonly rollouts: {
    /** x(t+1) = x(t) + A x(t) + b, the paper's rollout. */
    readonly map: Rollout;
    /** dx/dt = A x + b by Dormand-Prince 5(4). */
    readonly ode: Rollout;
    /** x(t) = e^(At) x(0) + integral of e^(As) b. */
    readonly closedForm: Rollout;
  };
}

function describe(window: Window, model: LinearModel, converged: boolean): FittedDynamics {
  return {
    model,
    r2: rSquared(model, observationsOf(window)),
    nonZero: model.coefficients.filter((value) => value !== 0).length / model.coefficients.length,
    converged,
    rollouts: {
      map: withError(window, rollMap(window, model)),
      ode: withError(window, rollOde(window, model)),
      closedForm: withError(window, rollClosedForm(window, model)),
    },
  };
}

export const leastSquaresFit = (window: Window): FittedDynamics => describe(window, leastSquares(observationsOf(window)), true);

export const diagonalFit = (window: Window): FittedDynamics => describe(window, diagonalLeastSquares(observationsOf(window)), true);

/** Lasso with scikit-learn's objective, one regression per frequency (the paper takes alpha = 0.01). */
export function lassoFit(window: Window, alpha: number): FittedDynamics {
  const model = lasso(observationsOf(window), { alpha });
  return describe(window, model, model.converged);
}

/** Repeats x <- x + A x + b. */
export function rollMap({ steps, frequencies, signals }: Window, model: LinearModel): Float64Array {
  const rolled = new Float64Array((steps + 1) * frequencies);
  rolled.set(signals.subarray(0, frequencies));
  const increment = new Float64Array(frequencies);
  for (let t = 0; t < steps; t += 1) {
    const row = rolled.subarray(t * frequencies, (t + 1) * frequencies);
    applyModel(model, row, increment);
    for (let i = 0; i < frequencies; i += 1) rolled[(t + 1) * frequencies + i] = row[i] + increment[i];
  }
  return rolled;
}

/** Integrates dx/dt = A x + b; NaN throughout if that leaves the finite numbers. */
function rollOde({ steps, frequencies, signals }: Window, model: LinearModel): Float64Array {
  const rolled = new Float64Array((steps + 1) * frequencies).fill(NaN);
  try {
    const trajectory = integrate((_, x, out) => void applyModel(model, x, out), signals.subarray(0, frequencies), 0, steps);
    for (let t = 0; t <= steps; t += 1) rolled.set(trajectory.at(t), t * frequencies);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
  }
  return rolled;
}

/**
 * Closed form by the exponential of the augmented matrix [[A, b], [0, 0]], which needs no inverse of A
 * (the official code inverts A + 1e-8 I).
 */
function rollClosedForm({ steps, frequencies, signals }: Window, { coefficients, intercept }: LinearModel): Float64Array {
  const size = frequencies + 1;
  const augmented = new Float64Array(size * size);
  for (let i = 0; i < frequencies; i += 1) {
    augmented.set(coefficients.subarray(i * frequencies, (i + 1) * frequencies), i * size);
    augmented[i * size + frequencies] = intercept[i];
  }
  const flow = matrixExponential(augmented, size);
  const rolled = new Float64Array((steps + 1) * frequencies);
  rolled.set(signals.subarray(0, frequencies));
  for (let t = 0; t < steps; t += 1) {
    for (let i = 0; i < frequencies; i += 1) {
      let value = flow[i * size + frequencies];
      for (let j = 0; j < frequencies; j += 1) value += flow[i * size + j] * rolled[t * frequencies + j];
      rolled[(t + 1) * frequencies + i] = value;
    }
  }
  return rolled;
}

const withError = (window: Window, rolled: Float64Array): Rollout => ({ signals: rolled, error: relativeError(window, rolled) });

/**
 * Root mean square error over all signals and steps, divided by the root mean square deviation of the signals from their
 * own means over the window: 1 is as bad as knowing the means only. NaN if no signal moves.
 */
export function relativeError({ steps, frequencies, signals }: Window, predicted: Float64Array): number {
  const centre = new Float64Array(frequencies);
  for (let i = 0; i < signals.length; i += 1) centre[i % frequencies] += signals[i] / (steps + 1);
  let [error, spread] = [0, 0];
  for (let i = 0; i < signals.length; i += 1) {
    error += (predicted[i] - signals[i]) ** 2;
    spread += (signals[i] - centre[i % frequencies]) ** 2;
  }
  return spread > 0 ? Math.sqrt(error / spread) : NaN;
}

/** A forecast of the second half of a window by the fit to its first half. */
export interface HoldOut {
  readonly from: number;
  readonly to: number;
  /** Error of the rollout over the hold-out, see `relativeError`. */
  readonly error: number;
  /** The same for signals that stay as they are when the hold-out starts. */
  readonly persistence: number;
  /** True if the rollout beats "no change". */
  readonly forecasts: boolean;
  readonly sentence: string;
  /** Forecast signals of steps from .. to, row-major. */
  readonly signals: Float64Array;
}

/** Fits ordinary least squares to the first half of the window, rolls it out over the second, and compares with "no change". */
export function holdOut(window: Window): HoldOut {
  const half = Math.floor((window.steps + 1) / 2);
  const future = slice(window, half, window.steps);
  const { frequencies, steps } = future;
  const forecast = rollMap(future, leastSquares(observationsOf(slice(window, 0, half))));
  const still = Float64Array.from(future.signals, (_, i) => future.signals[i % frequencies]);
  const [error, persistence] = [relativeError(future, forecast), relativeError(future, still)];
  const forecasts = error < persistence;
  return {
    from: future.from,
    to: future.from + steps,
    error,
    persistence,
    forecasts,
    sentence: forecasts
      ? 'Fitted to the first half alone, the law forecasts the second half better than "no change" does in this run.'
      : persistence === 0
        ? 'Nothing moves in the second half: there is nothing to forecast.'
        : 'The fit describes but does not forecast: fitted to the first half alone, it predicts the second half worse than "no change" does.',
    signals: forecast,
  };
}
