/** Where a network's own trajectory parts from the effective theory. */
import { exp, log } from '#app/numerics/elementary.ts';
import type { Flow } from './flow.ts';
import { normalised } from './parallelograms.ts';

/** Normalised embeddings recorded at increasing steps, each row-major (symbols x width). */
export interface Lines {
  readonly steps: readonly number[];
  readonly embeddings: readonly ArrayLike<number>[];
}

/** The theory beside the network, on a clock that runs `timeScale` times as fast as the training steps. */
export interface Comparison {
  readonly timeScale: number;
  /** Normalised theory at each of the steps. */
  readonly theory: readonly Float64Array[];
  /** Root mean square over symbols and dimensions of Ẽ_network - Ẽ_theory, in units of the spread of the symbols. */
  readonly distances: Float64Array;
  /** First step from which on the distance stays above the tolerance; null if it ends within. */
  readonly departure: number | null;
}

/** Root mean square difference of two arrays. */
function distance(one: ArrayLike<number>, other: ArrayLike<number>): number {
  let square = 0;
  for (let i = 0; i < one.length; i += 1) square += (one[i] - other[i]) ** 2;
  return Math.sqrt(square / one.length);
}

/** Theory and network at the same steps. @param timeScale theory time per training step, above 0 */
export function compare({ steps, embeddings }: Lines, path: Flow, tolerance: number, timeScale = 1): Comparison {
  const theory = steps.map((step) => normalised(path.at(timeScale * step), path.symbols, path.width));
  const distances = Float64Array.from(steps, (_, i) => distance(embeddings[i], theory[i]));
  let last = steps.length;
  // Not a number is no agreement.
  while (last > 0 && !(distances[last - 1] <= tolerance)) last -= 1;
  return { timeScale, theory, distances, departure: steps[last] ?? null };
}

/**
 * The clock on which theory and network agree best: the time scale with the least mean square distance, found on a grid of
 * ten scales a decade between 0.001 and 1000 and refined by golden section to 0.1 %. Fitted to the whole trajectory, so
 * the agreement on this clock is no prediction.
 */
export function fittedTimeScale({ steps, embeddings }: Lines, path: Flow): number {
  const state = new Float64Array(path.initial.length);
  const error = (logScale: number): number => {
    const scale = exp(logScale);
    let sum = 0;
    steps.forEach((step, i) => {
      sum += distance(embeddings[i], normalised(path.at(scale * step, state), path.symbols, path.width, state)) ** 2;
    });
    return Number.isFinite(sum) ? sum : Infinity;
  };
  const stride = log(10) / 10;
  const grid = Array.from({ length: 61 }, (_, i) => (i - 30) * stride);
  const errors = grid.map(error);
  const best = grid[errors.indexOf(Math.min(...errors))] ?? 0;
  let [low, high] = [best - stride, best + stride];
  const golden = (Math.sqrt(5) - 1) / 2;
  while (high - low > 1e-3) {
    const [left, right] = [high - golden * (high - low), low + golden * (high - low)];
    if (error(left) <= error(right)) high = right;
    else low = left;
  }
  return exp((low + high) / 2);
}

/** At most `count` of the steps 0 .. last, evenly spread, both ends among them. */
export function spreadSteps(last: number, count: number): number[] {
  const stride = Math.max(1, last / Math.max(1, count - 1));
  const steps: number[] = [];
  for (let at = 0; at < last; at += stride) steps.push(Math.round(at));
  return [...steps.filter((step) => step < last), last];
}
