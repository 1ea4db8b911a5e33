/** Principal components of a point cloud. */
import { SingularValueDecomposition } from 'ml-matrix';
import { matrixOf } from './linear-algebra.ts';

export interface PrincipalComponents {
  readonly rows: number;
  readonly columns: number;
  readonly count: number;
  readonly mean: Float64Array;
  /** count x columns, orthonormal rows, strongest first. */
  readonly axes: Float64Array;
  /** Singular values of the centred matrix, decreasing. */
  readonly singularValues: Float64Array;
}

/**
 * Principal axes of the rows of a matrix about their mean. The sign of each axis is fixed: its component of largest
 * magnitude (the first of equals) is positive, so that pictures do not flip.
 * @param matrix row-major, rows x columns
 * @param count axes wanted; fewer come back if the matrix has fewer
 */
export function principalComponents(matrix: ArrayLike<number>, rows: number, columns: number, count: number): PrincipalComponents {
  const mean = new Float64Array(columns);
  for (let i = 0; i < matrix.length; i += 1) mean[i % columns] += matrix[i] / rows;
  const centred = matrixOf(
    Float64Array.from(matrix, (value, i) => value - mean[i % columns]),
    rows,
    columns,
  );
  const { rightSingularVectors, diagonal } = new SingularValueDecomposition(centred, {
    computeLeftSingularVectors: rows < columns,
    autoTranspose: true,
  });
  const kept = Math.min(count, diagonal.length);
  const axes = new Float64Array(kept * columns);
  for (let axis = 0; axis < kept; axis += 1) {
    let largest = 0;
    for (let j = 0; j < columns; j += 1) {
      const value = rightSingularVectors.get(j, axis);
      // Equal magnitudes up to rounding: the first decides.
      if (Math.abs(value) > Math.abs(largest) * (1 + 1e-9)) largest = value;
    }
    for (let j = 0; j < columns; j += 1) axes[axis * columns + j] = Math.sign(largest || 1) * rightSingularVectors.get(j, axis);
  }
  return { rows, columns, count: kept, mean, axes, singularValues: Float64Array.from(diagonal.slice(0, kept)) };
}

/** Coordinates of points (rows x columns, row-major) on the axes: rows x count. */
export function project({ columns, count, mean, axes }: PrincipalComponents, points: ArrayLike<number>): Float64Array {
  const rows = points.length / columns;
  const result = new Float64Array(rows * count);
  for (let t = 0; t < rows; t += 1) {
    for (let axis = 0; axis < count; axis += 1) {
      let sum = 0;
      for (let j = 0; j < columns; j += 1) sum += (points[t * columns + j] - mean[j]) * axes[axis * columns + j];
      result[t * count + axis] = sum;
    }
  }
  return result;
}
