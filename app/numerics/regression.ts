/** Linear regression of several outputs on several inputs, always with a free intercept. */
import { LuDecomposition, Matrix, SingularValueDecomposition } from 'ml-matrix';
import { matrixOf } from './linear-algebra.ts';

/** Rows of inputs (rows x inputs) and outputs (rows x outputs), row-major. */
export interface Observations {
  readonly rows: number;
  readonly inputs: number;
  readonly outputs: number;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
}

/** y = A x + b with A row-major (outputs x inputs): row = affected, column = cause. */
export interface LinearModel {
  readonly inputs: number;
  readonly outputs: number;
  readonly coefficients: Float64Array;
  readonly intercept: Float64Array;
}

interface Centred {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly meanX: Float64Array;
  readonly meanY: Float64Array;
}

function centre({ rows, inputs, outputs, x, y }: Observations): Centred {
  if (rows < 1 || x.length !== rows * inputs || y.length !== rows * outputs)
    throw new RangeError(`${rows} observations do not fit ${x.length} inputs and ${y.length} outputs`);
  const split = (values: ArrayLike<number>, columns: number): [Float64Array, Float64Array] => {
    const means = new Float64Array(columns);
    for (let i = 0; i < values.length; i += 1) means[i % columns] += values[i] / rows;
    return [Float64Array.from(values, (value, i) => value - means[i % columns]), means];
  };
  const [centredX, meanX] = split(x, inputs);
  const [centredY, meanY] = split(y, outputs);
  return { x: centredX, y: centredY, meanX, meanY };
}

function withIntercept(inputs: number, outputs: number, coefficients: Float64Array, { meanX, meanY }: Centred): LinearModel {
  const intercept = meanY.slice();
  for (let i = 0; i < outputs; i += 1) for (let j = 0; j < inputs; j += 1) intercept[i] -= coefficients[i * inputs + j] * meanX[j];
  return { inputs, outputs, coefficients, intercept };
}

/** Householder QR in place: x becomes R (upper triangle), y becomes Q^T y. */
function triangularise(x: Float64Array, y: Float64Array, rows: number, inputs: number, outputs: number): void {
  const reflector = new Float64Array(rows);
  const reflect = (values: Float64Array, columns: number, from: number, k: number, scale: number) => {
    for (let j = from; j < columns; j += 1) {
      let product = 0;
      for (let i = k; i < rows; i += 1) product += reflector[i] * values[i * columns + j];
      product *= scale;
      for (let i = k; i < rows; i += 1) values[i * columns + j] -= product * reflector[i];
    }
  };
  for (let k = 0; k < Math.min(inputs, rows - 1); k += 1) {
    // In units of the largest entry: squares of entries below 1e-154 would vanish.
    let largest = 0;
    for (let i = k; i < rows; i += 1) largest = Math.max(largest, Math.abs(x[i * inputs + k]));
    if (largest === 0) continue;
    let square = 0;
    for (let i = k; i < rows; i += 1) {
      reflector[i] = x[i * inputs + k] / largest;
      square += reflector[i] * reflector[i];
    }
    reflector[k] += Math.sign(reflector[k] || 1) * Math.sqrt(square);
    let length = 0;
    for (let i = k; i < rows; i += 1) length += reflector[i] * reflector[i];
    reflect(x, inputs, k, k, 2 / length);
    reflect(y, outputs, 0, k, 2 / length);
  }
}

/**
 * Ordinary least squares. Householder QR, then a singular value decomposition of R, so that collinear inputs give the
 * solution of least norm instead of none (scikit-learn LinearRegression does the same).
 */
export function leastSquares(observations: Observations): LinearModel {
  const { rows, inputs, outputs } = observations;
  const centred = centre(observations);
  const [x, y] = [centred.x.slice(), centred.y.slice()];
  triangularise(x, y, rows, inputs, outputs);
  const kept = Math.min(rows, inputs);
  const r = new Float64Array(kept * inputs);
  for (let i = 0; i < kept; i += 1) for (let j = i; j < inputs; j += 1) r[i * inputs + j] = x[i * inputs + j];
  const { leftSingularVectors, rightSingularVectors, diagonal } = new SingularValueDecomposition(matrixOf(r, kept, inputs), {
    autoTranspose: true,
  });
  const threshold = 2 ** -52 * Math.max(rows, inputs) * Math.max(...diagonal);
  const coefficients = new Float64Array(outputs * inputs);
  diagonal.forEach((singular, direction) => {
    if (!(singular > threshold)) return;
    for (let output = 0; output < outputs; output += 1) {
      let share = 0;
      for (let i = 0; i < kept; i += 1) share += leftSingularVectors.get(i, direction) * y[i * outputs + output];
      for (let j = 0; j < inputs; j += 1) coefficients[output * inputs + j] += (share / singular) * rightSingularVectors.get(j, direction);
    }
  });
  return withIntercept(inputs, outputs, coefficients, centred);
}

export interface LassoOptions {
  /** Weight of the L1 norm, > 0. */
  readonly alpha: number;
  /** Stop when the duality gap is below tolerance * ||y||^2 (scikit-learn's rule with 1e-4); 1e-7 unless told. */
  readonly tolerance?: number;
  readonly maximumSweeps?: number;
}

export interface LassoModel extends LinearModel {
  /** False if an output used all its sweeps before the gap closed. */
  readonly converged: boolean;
  readonly sweeps: number;
}

/**
 * Lasso: per output, minimum of (1/2n) ||y - X w - b||^2 + alpha ||w||_1 (scikit-learn's objective; no standardisation),
 * by cyclic coordinate descent on the Gram matrix; with collinear inputs that creeps, so now and then the solution is
 * solved for outright on the inputs in use.
 */
export function lasso(observations: Observations, { alpha, tolerance = 1e-7, maximumSweeps = 100_000 }: LassoOptions): LassoModel {
  if (!(alpha > 0)) throw new RangeError(`alpha is a number above 0, not ${alpha}`);
  const { rows, inputs, outputs } = observations;
  const centred = centre(observations);
  const gram = crossProducts(centred.x, inputs, centred.x, inputs, rows);
  const correlation = crossProducts(centred.y, outputs, centred.x, inputs, rows);
  const coefficients = new Float64Array(outputs * inputs);
  let converged = true;
  let sweeps = 0;
  for (let output = 0; output < outputs; output += 1) {
    let energy = 0;
    for (let i = 0; i < rows; i += 1) energy += centred.y[i * outputs + output] ** 2;
    const weights = coefficients.subarray(output * inputs, (output + 1) * inputs);
    const used = descend(
      gram,
      correlation.subarray(output * inputs, (output + 1) * inputs),
      energy,
      alpha * rows,
      tolerance,
      maximumSweeps,
      weights,
    );
    sweeps = Math.max(sweeps, used);
    converged &&= used < maximumSweeps;
  }
  return { ...withIntercept(inputs, outputs, coefficients, centred), converged, sweeps };
}

/** A^T B of two row-major matrices with `rows` rows. */
function crossProducts(a: Float64Array, columnsA: number, b: Float64Array, columnsB: number, rows: number): Float64Array {
  const result = new Float64Array(columnsA * columnsB);
  for (let t = 0; t < rows; t += 1) {
    for (let i = 0; i < columnsA; i += 1) {
      const factor = a[t * columnsA + i];
      for (let j = 0; j < columnsB; j += 1) result[i * columnsB + j] += factor * b[t * columnsB + j];
    }
  }
  return result;
}

/** Coordinate descent for one output; `weights` receives the solution. Returns the sweeps used. */
function descend(
  gram: Float64Array,
  correlation: Float64Array,
  energy: number,
  penalty: number,
  tolerance: number,
  maximumSweeps: number,
  weights: Float64Array,
): number {
  const inputs = weights.length;
  /** X^T (y - X w), kept up to date. */
  const slope = Float64Array.from(correlation);
  for (let sweep = 1; sweep <= maximumSweeps; sweep += 1) {
    let [largestChange, largestWeight] = [0, 0];
    for (let j = 0; j < inputs; j += 1) {
      const curvature = gram[j * inputs + j];
      if (curvature === 0) continue;
      const before = weights[j];
      const target = slope[j] + curvature * before;
      const after = target > penalty ? (target - penalty) / curvature : target < -penalty ? (target + penalty) / curvature : 0;
      if (after !== before) {
        weights[j] = after;
        for (let i = 0; i < inputs; i += 1) slope[i] -= (after - before) * gram[j * inputs + i];
      }
      largestChange = Math.max(largestChange, Math.abs(after - before));
      largestWeight = Math.max(largestWeight, Math.abs(after));
    }
    // The gap costs little but need not be taken while weights still move much.
    if (largestChange <= tolerance * largestWeight || sweep % 10 === 0) {
      if (dualityGap(correlation, slope, energy, penalty, weights) <= tolerance * energy) return sweep;
    }
    if (sweep % 100 === 0) {
      const solved = solveOnSupport(gram, correlation, penalty, weights);
      if (dualityGap(correlation, solved.slope, energy, penalty, solved.weights) <= tolerance * energy) {
        weights.set(solved.weights);
        return sweep;
      }
    }
  }
  return maximumSweeps;
}

/** The solution if the non-zero weights and their signs are the right ones: G_SS w_S = c_S - penalty sign(w_S). */
function solveOnSupport(
  gram: Float64Array,
  correlation: Float64Array,
  penalty: number,
  current: Float64Array,
): { weights: Float64Array; slope: Float64Array } {
  const inputs = current.length;
  const support = Array.from(current.keys()).filter((j) => current[j] !== 0);
  const weights = new Float64Array(inputs);
  if (support.length > 0) {
    const left = new Matrix(support.map((i) => support.map((j) => gram[i * inputs + j])));
    const right = Matrix.columnVector(support.map((j) => correlation[j] - penalty * Math.sign(current[j])));
    const decomposition = new LuDecomposition(left);
    if (!decomposition.isSingular())
      decomposition
        .solve(right)
        .to1DArray()
        .forEach((value, i) => (weights[support[i]] = value));
  }
  const slope = Float64Array.from(correlation, (value, i) => {
    let rest = value;
    for (const j of support) rest -= gram[i * inputs + j] * weights[j];
    return rest;
  });
  return { weights, slope };
}

function dualityGap(correlation: Float64Array, slope: Float64Array, energy: number, penalty: number, weights: Float64Array): number {
  let [residualEnergy, residualTarget, size, steepest] = [energy, energy, 0, 0];
  for (let j = 0; j < weights.length; j += 1) {
    residualEnergy -= weights[j] * (correlation[j] + slope[j]);
    residualTarget -= weights[j] * correlation[j];
    size += Math.abs(weights[j]);
    steepest = Math.max(steepest, Math.abs(slope[j]));
  }
  const shrink = steepest > penalty ? penalty / steepest : 1;
  return 0.5 * residualEnergy * (1 + shrink * shrink) + penalty * size - shrink * residualTarget;
}

/** Each output on the input of the same index alone: y_i = a_i x_i + b_i. @throws RangeError unless inputs = outputs */
export function diagonalLeastSquares(observations: Observations): LinearModel {
  const { rows, inputs, outputs } = observations;
  if (inputs !== outputs) throw new RangeError(`a diagonal fit needs as many inputs as outputs, not ${inputs} and ${outputs}`);
  const centred = centre(observations);
  const coefficients = new Float64Array(inputs * inputs);
  for (let i = 0; i < inputs; i += 1) {
    let [xx, xy] = [0, 0];
    for (let t = 0; t < rows; t += 1) {
      xx += centred.x[t * inputs + i] ** 2;
      xy += centred.x[t * inputs + i] * centred.y[t * inputs + i];
    }
    coefficients[i * inputs + i] = xx === 0 ? 0 : xy / xx;
  }
  return withIntercept(inputs, inputs, coefficients, centred);
}

/** A x + b for one input vector; `out` may not be `x`. */
export function applyModel(
  { inputs, outputs, coefficients, intercept }: LinearModel,
  x: ArrayLike<number>,
  out: Float64Array,
): Float64Array {
  for (let i = 0; i < outputs; i += 1) {
    let value = intercept[i];
    for (let j = 0; j < inputs; j += 1) value += coefficients[i * inputs + j] * x[j];
    out[i] = value;
  }
  return out;
}

/**
 * Coefficient of determination, the uniform average over outputs. An output that never varies counts 1 if it is met
 * exactly and 0 otherwise (scikit-learn r2_score).
 */
export function rSquared(model: LinearModel, { rows, inputs, outputs, x, y }: Observations): number {
  const residual = new Float64Array(outputs);
  const total = new Float64Array(outputs);
  const means = new Float64Array(outputs);
  for (let i = 0; i < rows * outputs; i += 1) means[i % outputs] += y[i] / rows;
  const row = new Float64Array(inputs);
  const predicted = new Float64Array(outputs);
  for (let t = 0; t < rows; t += 1) {
    for (let j = 0; j < inputs; j += 1) row[j] = x[t * inputs + j];
    applyModel(model, row, predicted);
    for (let i = 0; i < outputs; i += 1) {
      residual[i] += (y[t * outputs + i] - predicted[i]) ** 2;
      total[i] += (y[t * outputs + i] - means[i]) ** 2;
    }
  }
  let sum = 0;
  for (let i = 0; i < outputs; i += 1) sum += total[i] > 0 ? 1 - residual[i] / total[i] : residual[i] === 0 ? 1 : 0;
  return sum / outputs;
}
