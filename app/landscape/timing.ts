/**
 * When a network generalises that starts outside the Goldilocks zone. While the gradient of the loss is next to nothing, decoupled
 * weight decay walks the norm inwards, w(t) = w_init exp(-η γ t), and the network generalises where that meets w_c:
 * t = ln(w_init / w_c) / (η γ) (Liu, Michaud, Tegmark 2023, section 2; Loshchilov, Hutter 2019 for the decay).
 */
import { leastSquares } from '#app/numerics/regression.ts';
import { spreadOf, type Spread } from './spread.ts';

export interface Decay {
  readonly initialNorm: number;
  /** η */
  readonly learningRate: number;
  /** γ, decoupled: every step multiplies parameters by 1 - ηγ. */
  readonly weightDecay: number;
}

/** Norm after some steps of nothing but weight decay. */
export const decayedNorm = ({ initialNorm, learningRate, weightDecay }: Decay, step: number): number =>
  initialNorm * Math.exp(-learningRate * weightDecay * step);

/**
 * Steps until weight decay alone has brought the norm to w_c.
 * @returns 0 if the run starts at or inside w_c, Infinity without weight decay
 */
export function generalisationTime({ initialNorm, learningRate, weightDecay }: Decay, criticalNorm: number): number {
  if (initialNorm <= criticalNorm) return 0;
  return Math.log(initialNorm / criticalNorm) / (learningRate * weightDecay);
}

/** A free run as the timing law sees it. */
export interface TimedRun extends Decay {
  readonly seed: number;
  /** Steps at which training and test accuracy reached their threshold; null if never. */
  readonly fitted: number | null;
  readonly generalised: number | null;
  readonly normAtGeneralising: number | null;
}

export interface TimingLaw {
  /** Slope of ln t_test against ln γ over all runs that generalised; -1 is the law. NaN for fewer than two decays. */
  readonly slope: number;
  /** Standard error of the slope; NaN for fewer than three runs. */
  readonly slopeError: number;
  /** Slope of each seed by itself. */
  readonly slopes: Spread | null;
  /** t_test η γ, which the law says is ln(w_init / w_c). */
  readonly walk: Spread | null;
  /** Norm at which runs generalised: the w_c that they themselves tell. */
  readonly criticalNorm: Spread | null;
  /** Ratio of the largest to the smallest t_train: the law says nothing of it, and it hardly changes. */
  readonly fittingRatio: number;
  /** Runs that never generalised. */
  readonly never: number;
}

/** Fits the law to runs that differ in weight decay. */
export function timingLaw(runs: readonly TimedRun[]): TimingLaw {
  const there = runs.filter((run) => run.generalised !== null && run.generalised > 0 && run.weightDecay > 0);
  const seeds = [...new Set(there.map(({ seed }) => seed))];
  const fitted = runs.map((run) => run.fitted).filter((step): step is number => step !== null && step > 0);
  const { slope, error } = logarithmicSlope(there);
  return {
    slope,
    slopeError: error,
    slopes: spreadOf(seeds.map((seed) => logarithmicSlope(there.filter((run) => run.seed === seed)).slope)),
    walk: spreadOf(there.map((run) => run.generalised! * run.learningRate * run.weightDecay)),
    criticalNorm: spreadOf(there.flatMap(({ normAtGeneralising }) => (normAtGeneralising === null ? [] : [normAtGeneralising]))),
    fittingRatio: fitted.length === 0 ? Number.NaN : Math.max(...fitted) / Math.min(...fitted),
    never: runs.filter(({ generalised }) => generalised === null).length,
  };
}

/** Least squares of ln t_test on ln γ. */
function logarithmicSlope(runs: readonly TimedRun[]): { slope: number; error: number } {
  const rows = runs.length;
  if (new Set(runs.map(({ weightDecay }) => weightDecay)).size < 2) return { slope: Number.NaN, error: Number.NaN };
  const x = runs.map(({ weightDecay }) => Math.log(weightDecay));
  const y = runs.map(({ generalised }) => Math.log(generalised!));
  const { coefficients, intercept } = leastSquares({ rows, inputs: 1, outputs: 1, x, y });
  const [slope] = coefficients;
  const middle = x.reduce((sum, value) => sum + value, 0) / rows;
  const spread = x.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const residual = y.reduce((sum, value, i) => sum + (value - slope * x[i] - intercept[0]) ** 2, 0);
  return { slope, error: rows < 3 ? Number.NaN : Math.sqrt(residual / (rows - 2) / spread) };
}
