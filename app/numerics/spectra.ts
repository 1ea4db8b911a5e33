/** Real discrete Fourier transform along the rows of a matrix, for any number of rows (moduli are prime). */
import { cosTurn, sinTurn } from './elementary.ts';

interface Table {
  readonly cosine: Float64Array;
  readonly sine: Float64Array;
}

const tables = new Map<number, Table>();

function tableOf(rows: number): Table {
  const known = tables.get(rows);
  if (known) return known;
  if (!Number.isSafeInteger(rows) || rows < 1) throw new RangeError(`a transform needs a positive number of rows, not ${rows}`);
  const table = {
    cosine: Float64Array.from({ length: rows }, (_, t) => cosTurn(t, rows)),
    sine: Float64Array.from({ length: rows }, (_, t) => sinTurn(t, rows)),
  };
  tables.set(rows, table);
  return table;
}

/** Coefficients F_k = sum_t exp(-2 pi i k t / rows) x[t, :] for k = 0 .. floor(rows/2), each part row-major (frequencies x columns). */
export interface Spectrum {
  readonly rows: number;
  readonly columns: number;
  readonly frequencies: number;
  readonly real: Float64Array;
  readonly imaginary: Float64Array;
}

/** Number of frequencies 0 .. floor(rows/2) that describe a real signal of `rows` samples. */
export const frequencyCount = (rows: number): number => Math.floor(rows / 2) + 1;

/**
 * Discrete Fourier transform of every column of a real matrix.
 * @param matrix row-major, rows x columns
 * @throws RangeError if the size does not fit
 */
export function realTransform(matrix: ArrayLike<number>, rows: number, columns: number): Spectrum {
  checkSize(matrix, rows, columns);
  const frequencies = frequencyCount(rows);
  const real = new Float64Array(frequencies * columns);
  const imaginary = new Float64Array(frequencies * columns);
  accumulate(matrix, rows, columns, 0, frequencies, real, imaginary);
  return { rows, columns, frequencies, real, imaginary };
}

/** One coefficient F_k of every column, at the cost of one frequency. `k` may be any integer. */
export function coefficient(
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  k: number,
): { real: Float64Array; imaginary: Float64Array } {
  checkSize(matrix, rows, columns);
  const real = new Float64Array(columns);
  const imaginary = new Float64Array(columns);
  accumulate(matrix, rows, columns, ((k % rows) + rows) % rows, 1, real, imaginary);
  return { real, imaginary };
}

function checkSize(matrix: ArrayLike<number>, rows: number, columns: number): void {
  if (matrix.length !== rows * columns)
    throw new RangeError(`a ${rows} x ${columns} matrix has ${rows * columns} numbers, not ${matrix.length}`);
}

/** Adds `count` coefficients from frequency `first` on. Rows t and -t are folded, which halves the products. */
function accumulate(
  matrix: ArrayLike<number>,
  rows: number,
  columns: number,
  first: number,
  count: number,
  real: Float64Array,
  imaginary: Float64Array,
): void {
  const { cosine, sine } = tableOf(rows);
  const even = new Float64Array(columns);
  const odd = new Float64Array(columns);
  for (let t = 0; 2 * t <= rows; t += 1) {
    const mirror = (rows - t) % rows;
    const alone = mirror === t;
    for (let j = 0; j < columns; j += 1) {
      const here = matrix[t * columns + j];
      const there = alone ? 0 : matrix[mirror * columns + j];
      even[j] = here + there;
      odd[j] = alone ? 0 : here - there;
    }
    for (let row = 0; row < count; row += 1) {
      const turn = ((first + row) * t) % rows;
      const c = cosine[turn];
      const s = sine[turn];
      const offset = row * columns;
      for (let j = 0; j < columns; j += 1) {
        real[offset + j] += c * even[j];
        imaginary[offset + j] -= s * odd[j];
      }
    }
  }
}

/** Norm over the columns of every coefficient: ||F_k||_2 for k = 0 .. floor(rows/2). */
export function spectralNorms({ columns, frequencies, real, imaginary }: Spectrum): Float64Array {
  const norms = new Float64Array(frequencies);
  for (let k = 0; k < frequencies; k += 1) {
    let square = 0;
    for (let j = k * columns; j < (k + 1) * columns; j += 1) square += real[j] * real[j] + imaginary[j] * imaginary[j];
    norms[k] = Math.sqrt(square);
  }
  return norms;
}

/** Matrix (rows x columns) whose transform is the spectrum, the conjugate half being implied. */
export function inverseTransform({ rows, columns, frequencies, real, imaginary }: Spectrum): Float64Array {
  const { cosine, sine } = tableOf(rows);
  const matrix = new Float64Array(rows * columns);
  for (let k = 0; k < frequencies; k += 1) {
    const weight = (k === 0 || 2 * k === rows ? 1 : 2) / rows;
    for (let t = 0; t < rows; t += 1) {
      const turn = (k * t) % rows;
      const c = weight * cosine[turn];
      const s = weight * sine[turn];
      for (let j = 0; j < columns; j += 1) matrix[t * columns + j] += c * real[k * columns + j] - s * imaginary[k * columns + j];
    }
  }
  return matrix;
}

/**
 * The matrix with every coefficient F_k (and its conjugate) multiplied by gains[k], k = 0 .. floor(rows/2).
 * @throws RangeError if there are not floor(rows/2) + 1 gains
 */
export function scaleFrequencies(matrix: ArrayLike<number>, rows: number, columns: number, gains: ArrayLike<number>): Float64Array {
  const spectrum = realTransform(matrix, rows, columns);
  if (gains.length !== spectrum.frequencies)
    throw new RangeError(`${rows} rows have ${spectrum.frequencies} frequencies, not ${gains.length}`);
  for (let i = 0; i < spectrum.real.length; i += 1) {
    const gain = gains[Math.floor(i / columns)];
    spectrum.real[i] *= gain;
    spectrum.imaginary[i] *= gain;
  }
  return inverseTransform(spectrum);
}
