/**
 * The effective theory: a representation flows down the effective loss, in which parallelograms attract each other and the
 * scale does not count (Liu et al. 2022, section 3.2). Of addition alone, whose parallelograms are linear equations.
 */
import { EigenvalueDecomposition } from 'ml-matrix';
import { integrate, type Derivative } from '#app/numerics/ode.ts';
import { exp } from '#app/numerics/elementary.ts';
import { matrixOf } from '#app/numerics/linear-algebra.ts';
import { countOf, normalised, rqi, trainedParallelograms, type Samples, type TaskStructure } from './parallelograms.ts';

/**
 * `paper`: the mean over P0(D), divided by the present Z0. `code`: as the authors' released code has it, the sum over all of
 * P0 whether trained on or not, divided by the initial Z0, in explicit Euler steps.
 */
export type FlowVariant = 'paper' | 'code';

/** Sum of |E_k|² over symbols and dimensions. */
export function squaredNorm(embedding: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < embedding.length; i += 1) sum += embedding[i] ** 2;
  return sum;
}

/**
 * AᵀA of the parallelograms of a mask: ẼᵀAᵀAẼ is the sum of their squared defects. Row-major, symbols x symbols.
 * @param mask 1 for each parallelogram of P0 that counts; all of them unless told
 */
export function gramMatrix({ parallelograms, symbols, count }: TaskStructure, mask?: ArrayLike<number>): Float64Array {
  const gram = new Float64Array(symbols * symbols);
  for (let each = 0; each < count; each += 1) {
    if (mask && mask[each] === 0) continue;
    for (let a = 0; a < 4; a += 1)
      for (let b = 0; b < 4; b += 1)
        gram[parallelograms[4 * each + a] * symbols + parallelograms[4 * each + b]] += a < 2 === b < 2 ? 1 : -1;
  }
  return gram;
}

/**
 * Effective loss l0 / Z0 of a representation as it is: l0 the mean of |E_i + E_j - E_m - E_n|² over P0(D), Z0 = sum |E_k|².
 * NaN without trained parallelograms, for an embedding of zeros, and for `permutations`.
 * @param embedding row-major, symbols x width; the paper's is normalised
 */
export function effectiveLoss(structure: TaskStructure, training: Samples, embedding: ArrayLike<number>, width: number): number {
  if (structure.task === 'permutations') return NaN;
  const mask = trainedParallelograms(structure, training);
  const { parallelograms } = structure;
  let sum = 0;
  for (let each = 0; each < structure.count; each += 1) {
    if (mask[each] === 0) continue;
    for (let axis = 0; axis < width; axis += 1) {
      const at = (corner: number) => embedding[parallelograms[4 * each + corner] * width + axis];
      sum += (at(0) + at(1) - at(2) - at(3)) ** 2;
    }
  }
  return sum / countOf(mask) / squaredNorm(embedding);
}

/** Eigenvalues, increasing, of a symmetric matrix, and the unit eigenvectors as columns of a row-major matrix. */
function eigen(matrix: Float64Array, size: number): { values: Float64Array; vectors: Float64Array } {
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrixOf(matrix, size, size), { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[a] - realEigenvalues[b]);
  const vectors = new Float64Array(size * size);
  order.forEach((from, to) => {
    for (let i = 0; i < size; i += 1) vectors[i * size + to] = eigenvectorMatrix.get(i, from);
  });
  return { values: Float64Array.from(order, (i) => realEigenvalues[i]), vectors };
}

/** Eigenvalues of AᵀA of P0(D), increasing. */
export function trainedSpectrum(structure: TaskStructure, training: Samples): Float64Array {
  return eigen(gramMatrix(structure, trainedParallelograms(structure, training)), structure.symbols).values;
}

/**
 * Third smallest eigenvalue of AᵀA of P0(D) divided by |P0(D)|, the rate of the slowest motion that is neither translation
 * nor scale; 0 without trained parallelograms and, exactly, where the linear order is not forced.
 */
export function slowestMode(structure: TaskStructure, training: Samples): number {
  const count = countOf(trainedParallelograms(structure, training));
  if (count === 0 || structure.symbols < 3) return 0;
  const third = trainedSpectrum(structure, training)[2];
  return third < 1e-8 ? 0 : third / count;
}

/**
 * Grokking rate λ3 of the paper: third smallest eigenvalue of the Hessian (2 / Z0) AᵀA / |P0(D)| of the effective loss, with
 * Z0 = (p - 1) d of a normalised representation. NaN for tasks whose equations are not linear over the reals.
 */
export function lambda3(structure: TaskStructure, training: Samples, width = 1): number {
  if (structure.task !== 'addition') return NaN;
  return (2 / ((structure.symbols - 1) * width)) * slowestMode(structure, training);
}

/** A trajectory of the effective theory from a given embedding, in steps of training. */
export interface Flow {
  readonly variant: FlowVariant;
  readonly symbols: number;
  readonly width: number;
  /** Normalised embedding it starts from, row-major (symbols x width), and its Z0. */
  readonly initial: Float64Array;
  readonly z0: number;
  /** Rates per step at which each eigenmode decays, increasing; `paper`: in the unnormalised solution y. */
  readonly rates: Float64Array;
  /**
   * Closed form. `paper`: sqrt(Z0) y / |y|, y = exp(-(2 η / Z0) M step) Ẽ(0), exact because the flow is that of a Rayleigh
   * quotient; `code`: (I - (2 η / Z0) AᵀA)^step Ẽ(0).
   * @param step 0 or more, not necessarily whole for `paper`
   */
  at(step: number, out?: Float64Array): Float64Array;
  /** dẼ/dstep at Ẽ, of `code` the increment of one Euler step. */
  readonly derivative: Derivative;
}

export interface FlowOptions {
  readonly variant: FlowVariant;
  /** Rate η at which the flow runs, per step; the learning rate of the embedding in the paper. */
  readonly rate: number;
  /** False starts from the embedding as it is. True unless told. */
  readonly normalise?: boolean;
}

/**
 * The flow of the effective loss from an embedding.
 * @param embedding row-major, symbols x width
 * @throws RangeError unless the task is addition, some parallelogram is trained on and the embedding is not all zeros
 */
export function flow(
  structure: TaskStructure,
  training: Samples,
  embedding: ArrayLike<number>,
  width: number,
  { variant, rate, normalise = true }: FlowOptions,
): Flow {
  const { symbols } = structure;
  if (structure.task !== 'addition') throw new RangeError('the effective theory is one of addition');
  const initial = normalise ? normalised(embedding, symbols, width) : Float64Array.from(embedding);
  const z0 = squaredNorm(initial);
  const mask = trainedParallelograms(structure, training);
  const trained = countOf(mask);
  if (!(z0 > 0)) throw new RangeError('the effective theory needs symbols in different places');
  if (variant === 'paper' && trained === 0) throw new RangeError('no parallelogram is trained on');
  const matrix = variant === 'paper' ? gramMatrix(structure, mask).map((value) => value / trained) : gramMatrix(structure);
  const { values, vectors } = eigen(matrix, symbols);
  const rates = values.map((value) => ((2 * rate) / z0) * Math.max(0, value));
  const modes = new Float64Array(symbols * width);
  for (let mode = 0; mode < symbols; mode += 1)
    for (let k = 0; k < symbols; k += 1)
      for (let axis = 0; axis < width; axis += 1) modes[mode * width + axis] += vectors[k * symbols + mode] * initial[k * width + axis];

  const product = new Float64Array(symbols * width);
  return {
    variant,
    symbols,
    width,
    initial,
    z0,
    rates,
    at(step, out = new Float64Array(symbols * width)) {
      out.fill(0);
      for (let mode = 0; mode < symbols; mode += 1) {
        const factor = variant === 'paper' ? exp(-rates[mode] * step) : (1 - rates[mode]) ** step;
        for (let k = 0; k < symbols; k += 1)
          for (let axis = 0; axis < width; axis += 1)
            out[k * width + axis] += vectors[k * symbols + mode] * factor * modes[mode * width + axis];
      }
      if (variant === 'code') return out;
      const scale = Math.sqrt(z0 / squaredNorm(out));
      for (let i = 0; i < out.length; i += 1) out[i] *= scale;
      return out;
    },
    derivative(_step, x, out) {
      product.fill(0);
      let defect = 0;
      for (let i = 0; i < symbols; i += 1)
        for (let axis = 0; axis < width; axis += 1) {
          for (let j = 0; j < symbols; j += 1) product[i * width + axis] += matrix[i * symbols + j] * x[j * width + axis];
          defect += x[i * width + axis] * product[i * width + axis];
        }
      const present = variant === 'paper' ? squaredNorm(x) : z0;
      const pull = variant === 'paper' ? defect / present : 0;
      for (let i = 0; i < out.length; i += 1) out[i] = ((-2 * rate) / present) * (product[i] - pull * x[i]);
    },
  };
}

/**
 * The same trajectory by integration: of `paper` Dormand-Prince with a local error of 1e-11, of `code` its Euler steps.
 * @param steps increasing whole numbers from 0 on
 */
export function integrated({ variant, initial, derivative }: Flow, steps: readonly number[]): Float64Array[] {
  const last = steps[steps.length - 1];
  if (variant === 'paper') {
    const { at } = integrate(derivative, initial, 0, last, { relativeTolerance: 1e-11, absoluteTolerance: 1e-11 });
    return steps.map((step) => at(step));
  }
  const x = initial.slice();
  const increment = new Float64Array(x.length);
  let reached = 0;
  return steps.map((step) => {
    for (; reached < step; reached += 1) {
      derivative(reached, x, increment);
      for (let i = 0; i < x.length; i += 1) x[i] += increment[i];
    }
    return x.slice();
  });
}

/**
 * Step at which the closed form first realises more than `threshold` of all parallelograms; Infinity if it does not
 * within 60 times of its slowest decay. Found on a grid of 1/50 of that time and then by bisection.
 * @param closeness as of `realised`
 */
export function stepsToLinear(structure: TaskStructure, path: Flow, closeness: number, threshold: number): number {
  const slowest = path.rates.find((rate) => rate > 1e-9 * path.rates[path.rates.length - 1]);
  if (slowest === undefined) return Infinity;
  const state = new Float64Array(path.initial.length);
  const linear = (step: number): boolean => rqi(structure, path.at(step, state), path.width, closeness) > threshold;
  if (linear(0)) return 0;
  const stride = 1 / (50 * slowest);
  for (let each = 1; each <= 3000; each += 1) {
    if (!linear(each * stride)) continue;
    let [before, after] = [(each - 1) * stride, each * stride];
    for (let halving = 0; halving < 30; halving += 1) {
      const middle = (before + after) / 2;
      if (linear(middle)) after = middle;
      else before = middle;
    }
    return after;
  }
  return Infinity;
}
