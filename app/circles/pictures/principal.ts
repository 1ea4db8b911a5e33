/** The first three principal components, fast enough for every drawn frame. */

/**
 * Scores of the rows of a matrix on its first three principal components, and the share of the variance of each.
 * Block power iteration on the rows' Gram matrix with a Rayleigh-Ritz step at the end (Golub & Van Loan, 8.2).
 * @param matrix rows x columns, row-major
 * @param start columns to start from, each of `rows` numbers; guesses only make it quicker
 * @returns scores rows x 3, row-major; missing components are zero
 */
export function principalScores(
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  start: readonly Float64Array[],
): { scores: Float64Array; shares: number[] } {
  const gram = centredGram(matrix, rows, columns);
  let variance = 0;
  for (let i = 0; i < rows; i += 1) variance += gram[i * rows + i];
  let block = orthonormal(start.map((column) => column.slice()));
  for (let round = 0; round < 14; round += 1) block = orthonormal(block.map((column) => times(gram, rows, column)));
  const images = block.map((column) => times(gram, rows, column));
  const { values, vectors } = symmetricEigen(block.map((one) => images.map((other) => dot(one, other))));
  const scores = new Float64Array(3 * rows);
  const shares = [0, 0, 0];
  for (let component = 0; component < Math.min(3, values.length); component += 1) {
    const scale = Math.sqrt(Math.max(0, values[component]));
    shares[component] = variance > 0 ? Math.max(0, values[component]) / variance : 0;
    block.forEach((column, index) => {
      const weight = scale * vectors[index][component];
      for (let t = 0; t < rows; t += 1) scores[3 * t + component] += weight * column[t];
    });
  }
  return { scores, shares };
}

/**
 * Points turned (rotated, perhaps mirrored) as a whole to lie as near as they can to the directions of three target columns:
 * orthogonal Procrustes by Newton's iteration for the polar factor (Higham 1986).
 * @param scores rows x 3
 */
export function turnedTowards(
  scores: Float64Array,
  rows: number,
  targets: readonly [Float64Array, Float64Array, Float64Array],
): Float32Array {
  const cross = [0, 1, 2].map((i) =>
    targets.map((target) => {
      let sum = 0;
      for (let t = 0; t < rows; t += 1) sum += scores[3 * t + i] * target[t];
      return sum;
    }),
  );
  const turn = polarFactor(cross);
  const turned = new Float32Array(3 * rows);
  for (let t = 0; t < rows; t += 1) {
    for (let j = 0; j < 3; j += 1)
      turned[3 * t + j] = scores[3 * t] * turn[0][j] + scores[3 * t + 1] * turn[1][j] + scores[3 * t + 2] * turn[2][j];
  }
  return turned;
}

/** Orthogonal matrix nearest to a 3 x 3 matrix; the identity if more than one direction is open. */
function polarFactor(matrix: number[][]): number[][] {
  const size = Math.sqrt(matrix.flat().reduce((sum, value) => sum + value * value, 0));
  const identity = [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ];
  if (!(size > 0)) return identity;
  // Flat clouds leave one direction open; a trace of something regular closes it.
  let current = matrix.map((row, i) => row.map((value, j) => value / size + 1e-6 * (1 + i + 2 * j + i * j)));
  for (let round = 0; round < 60; round += 1) {
    const [a, b, c] = current;
    const cofactors = [cross(b, c), cross(c, a), cross(a, b)];
    const determinant = dot(a, cofactors[0]);
    if (Math.abs(determinant) < 1e-9) return identity;
    current = current.map((row, i) => row.map((value, j) => (value + cofactors[i][j] / determinant) / 2));
  }
  return current;
}

const cross = (a: readonly number[], b: readonly number[]): number[] => [
  a[1] * b[2] - a[2] * b[1],
  a[2] * b[0] - a[0] * b[2],
  a[0] * b[1] - a[1] * b[0],
];

function centredGram(matrix: ArrayLike<number>, rows: number, columns: number): Float64Array {
  const centred = new Float64Array(rows * columns);
  for (let j = 0; j < columns; j += 1) {
    let mean = 0;
    for (let i = 0; i < rows; i += 1) mean += matrix[i * columns + j] / rows;
    for (let i = 0; i < rows; i += 1) centred[i * columns + j] = matrix[i * columns + j] - mean;
  }
  const gram = new Float64Array(rows * rows);
  for (let i = 0; i < rows; i += 1) {
    for (let k = 0; k <= i; k += 1) {
      let sum = 0;
      for (let j = 0, a = i * columns, b = k * columns; j < columns; j += 1, a += 1, b += 1) sum += centred[a] * centred[b];
      gram[i * rows + k] = sum;
      gram[k * rows + i] = sum;
    }
  }
  return gram;
}

function times(matrix: Float64Array, rows: number, vector: Float64Array): Float64Array {
  const product = new Float64Array(rows);
  for (let i = 0; i < rows; i += 1) {
    let sum = 0;
    for (let j = 0, at = i * rows; j < rows; j += 1, at += 1) sum += matrix[at] * vector[j];
    product[i] = sum;
  }
  return product;
}

function dot(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i += 1) sum += a[i] * b[i];
  return sum;
}

/** Gram-Schmidt, twice over for stability; columns that vanish are dropped. */
function orthonormal(columns: Float64Array[]): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const column of columns) {
    const size = Math.sqrt(dot(column, column));
    for (let pass = 0; pass < 2; pass += 1) {
      for (const other of kept) {
        const share = dot(column, other);
        for (let i = 0; i < column.length; i += 1) column[i] -= share * other[i];
      }
    }
    const length = Math.sqrt(dot(column, column));
    if (length > 1e-10 * size && length > 0) kept.push(column.map((value) => value / length));
  }
  return kept;
}

/** Eigenvalues, largest first, and eigenvectors (by column) of a small symmetric matrix: cyclic Jacobi rotations. */
function symmetricEigen(matrix: number[][]): { values: number[]; vectors: number[][] } {
  const n = matrix.length;
  const a = matrix.map((row) => [...row]);
  const v: number[][] = a.map((_, i) => a.map((__, j) => (i === j ? 1 : 0)));
  for (let sweep = 0; sweep < 12; sweep += 1) {
    for (let p = 0; p < n; p += 1) {
      for (let q = p + 1; q < n; q += 1) {
        if (a[p][q] === 0) continue;
        const theta = (a[q][q] - a[p][p]) / (2 * a[p][q]);
        const t = (theta < 0 ? -1 : 1) / (Math.abs(theta) + Math.sqrt(theta * theta + 1));
        const c = 1 / Math.sqrt(t * t + 1);
        const s = t * c;
        for (let i = 0; i < n; i += 1) [a[i][p], a[i][q]] = [c * a[i][p] - s * a[i][q], s * a[i][p] + c * a[i][q]];
        for (let i = 0; i < n; i += 1) [a[p][i], a[q][i]] = [c * a[p][i] - s * a[q][i], s * a[p][i] + c * a[q][i]];
        for (let i = 0; i < n; i += 1) [v[i][p], v[i][q]] = [c * v[i][p] - s * v[i][q], s * v[i][p] + c * v[i][q]];
      }
    }
  }
  const order = a.map((_, i) => i).sort((one, other) => a[other][other] - a[one][one]);
  return { values: order.map((i) => a[i][i]), vectors: v.map((row) => order.map((i) => row[i])) };
}
