/** Dense linear algebra on row-major typed arrays, thin over ml-matrix. */
import { LuDecomposition, Matrix } from 'ml-matrix';

/** A row-major array as an ml-matrix Matrix (copied). @throws RangeError if the size does not fit */
export function matrixOf(values: ArrayLike<number>, rows: number, columns: number): Matrix {
  if (values.length !== rows * columns)
    throw new RangeError(`a ${rows} x ${columns} matrix has ${rows * columns} numbers, not ${values.length}`);
  return Matrix.from1DArray(rows, columns, values as ArrayLike<number> as number[]);
}

/** Row-major copy of a matrix. */
export function valuesOf(matrix: Matrix): Float64Array {
  const values = new Float64Array(matrix.rows * matrix.columns);
  for (let i = 0; i < matrix.rows; i += 1) for (let j = 0; j < matrix.columns; j += 1) values[i * matrix.columns + j] = matrix.get(i, j);
  return values;
}

/** Coefficients of the [13/13] Pade approximant of exp (Higham 2005, table 2.3), constant term first. */
const pade = [
  64764752532480000, 32382376266240000, 7771770303897600, 1187353796428800, 129060195264000, 10559470521600, 670442572800, 33522128640,
  1323241920, 40840800, 960960, 16380, 182, 1,
];

/**
 * exp of a square matrix by scaling and squaring (Higham, SIAM J. Matrix Anal. Appl. 26, 2005).
 * @param values row-major, size x size, finite
 */
export function matrixExponential(values: ArrayLike<number>, size: number): Float64Array {
  const original = matrixOf(values, size, size);
  const norm = Math.max(
    0,
    ...Array.from({ length: size }, (_, j) => original.getColumn(j).reduce((sum, value) => sum + Math.abs(value), 0)),
  );
  if (!Number.isFinite(norm)) throw new RangeError('the exponential needs a finite matrix');
  let squarings = 0;
  for (let reduced = norm; reduced > 5.371920351148152; reduced /= 2) squarings += 1;
  const a = Matrix.mul(original, 2 ** -squarings);
  const a2 = a.mmul(a);
  const a4 = a2.mmul(a2);
  const a6 = a4.mmul(a2);
  const identity = Matrix.eye(size);
  const sum = (...terms: readonly (readonly [number, Matrix])[]) =>
    terms.reduce((total, [weight, term]) => total.add(Matrix.mul(term, weight)), Matrix.zeros(size, size));
  const half = (offset: 0 | 1) =>
    a6
      .mmul(sum([pade[12 + offset], a6], [pade[10 + offset], a4], [pade[8 + offset], a2]))
      .add(sum([pade[6 + offset], a6], [pade[4 + offset], a4], [pade[2 + offset], a2], [pade[offset], identity]));
  const odd = a.mmul(half(1));
  const even = half(0);
  let result = new LuDecomposition(Matrix.sub(even, odd)).solve(Matrix.add(even, odd));
  for (let i = 0; i < squarings; i += 1) result = result.mmul(result);
  return valuesOf(result);
}
