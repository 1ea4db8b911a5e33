/** All trainable parameters of a network as one vector, and directions to go from it. */
import { EigenvalueDecomposition } from 'ml-matrix';
import type { ParameterInfo, Session } from '#app/engine/types.ts';
import { matrixOf } from '#app/numerics/linear-algebra.ts';
import { stream } from '#app/numerics/random.ts';

/** Where each parameter stands in the vector. */
export interface WeightLayout {
  readonly size: number;
  readonly parts: readonly { readonly name: string; readonly shape: readonly number[]; readonly from: number; readonly to: number }[];
}

/** Trainable parameters in the program's order; frozen ones stay as they are and are no part of it. */
export function layoutOf(parameters: readonly ParameterInfo[]): WeightLayout {
  let size = 0;
  const parts = parameters
    .filter(({ trainable }) => trainable)
    .map(({ name, shape, size: length }) => ({ name, shape, from: size, to: (size += length) }));
  return { size, parts };
}

export function readWeights(session: Session, { size, parts }: WeightLayout): Float64Array {
  const weights = new Float64Array(size);
  for (const { name, from } of parts) weights.set(session.read(name), from);
  return weights;
}

/** Puts a vector into a session; frozen parameters and moments stay. */
export function writeWeights(session: Session, { parts }: WeightLayout, weights: Float64Array): void {
  for (const { name, from, to } of parts) session.write(name, weights.subarray(from, to));
}

/**
 * A random direction whose filters have the lengths of the network's (Li et al. 2018, section 4), so that pictures of networks of
 * different scale can be compared. A filter is what one neuron weighs its inputs with: a column of a matrix (inputs x outputs), or
 * a row where the matrix is a table of embeddings. Biases and other vectors do not move.
 * @param tables names of parameters whose rows are filters
 */
export function filterNormalized(
  weights: Float64Array,
  { size, parts }: WeightLayout,
  seed: number,
  purpose: string,
  tables: readonly string[] = [],
): Float64Array {
  const random = stream(seed, purpose);
  const direction = new Float64Array(size);
  for (const { name, shape, from, to } of parts) {
    if (shape.length < 2) continue;
    const columns = shape[shape.length - 1];
    const rows = (to - from) / columns;
    for (let i = from; i < to; i += 1) direction[i] = random.normal();
    const [filters, length, filterStep, step] = tables.includes(name) ? [rows, columns, columns, 1] : [columns, rows, 1, columns];
    for (let filter = 0; filter < filters; filter += 1) {
      let [own, drawn] = [0, 0];
      for (let i = 0, at = from + filter * filterStep; i < length; i += 1, at += step) {
        own += weights[at] ** 2;
        drawn += direction[at] ** 2;
      }
      const factor = drawn === 0 ? 0 : Math.sqrt(own / drawn);
      for (let i = 0, at = from + filter * filterStep; i < length; i += 1, at += step) direction[at] *= factor;
    }
  }
  return direction;
}

export interface PathPlane {
  /** Two orthonormal directions; the second is zero if the path is a line. */
  readonly axes: readonly [Float64Array, Float64Array];
  /** Share of the path's squared distances from `origin` that lies along each. */
  readonly explained: readonly [number, number];
}

/**
 * The plane through `origin` that is nearest to a path (Li et al. 2018, section 7): the first two principal directions of the
 * differences from it, which are not centred. By the Gram matrix of the few points, as weights are many. The component of largest
 * magnitude is positive, so that pictures do not flip.
 * @returns null if the path does not move
 */
export function planeOfPath(path: readonly Float64Array[], origin: Float64Array): PathPlane | null {
  const differences = path.map((weights) => weights.map((value, i) => value - origin[i]));
  const count = differences.length;
  const gram = new Float64Array(count * count);
  for (let i = 0; i < count; i += 1)
    for (let j = 0; j <= i; j += 1) gram[i * count + j] = gram[j * count + i] = dot(differences[i], differences[j]);
  const total = differences.reduce((sum, _, i) => sum + gram[i * count + i], 0);
  if (!(total > 0)) return null;
  const { realEigenvalues, eigenvectorMatrix } = new EigenvalueDecomposition(matrixOf(gram, count, count), { assumeSymmetric: true });
  const order = realEigenvalues.map((_, i) => i).sort((a, b) => realEigenvalues[b] - realEigenvalues[a]);
  const axis = (rank: number): { direction: Float64Array; share: number } => {
    const place = order[rank];
    const value = place === undefined ? 0 : realEigenvalues[place];
    const direction = new Float64Array(origin.length);
    // Below this the direction is rounding of the first one.
    if (!(value > 1e-12 * total)) return { direction, share: 0 };
    differences.forEach((difference, i) => {
      const weight = eigenvectorMatrix.get(i, place) / Math.sqrt(value);
      for (let k = 0; k < direction.length; k += 1) direction[k] += weight * difference[k];
    });
    const largest = direction.reduce((most, component) => (Math.abs(component) > Math.abs(most) * (1 + 1e-9) ? component : most), 0);
    return { direction: largest < 0 ? direction.map((component) => -component) : direction, share: value / total };
  };
  const [first, second] = [axis(0), axis(1)];
  return { axes: [first.direction, second.direction], explained: [first.share, second.share] };
}

export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}
