/**
 * Smooth boundaries between the phases of a map, as the authors of phase diagrams draw them: each phase's map of zeros and ones is made
 * finer by bicubic interpolation, and of the finer maps the greatest wins. For looking at only: what lies between the cells is made up.
 */

export interface SmoothMap {
  readonly columns: number;
  readonly rows: number;
  /** Row-major, rows in the order of the map's; -1 where the map has no value. */
  readonly values: Int16Array;
}

/** Pixels along the longer side of a smooth map, about. */
const pixels = 320;

/** How much finer a map of this size is drawn: odd, so that every cell has a pixel at its middle. */
export const smoothing = (columns: number, rows: number): number =>
  Math.max(3, 2 * Math.floor(Math.min(40, pixels / Math.max(columns, rows)) / 2) + 1);

/**
 * Makes a map of categories `factor` times as fine. At the middles of its cells it stays what it is.
 * @param values row-major; negative or NaN where there is none, which is smoothed like a category
 */
export function smoothed(values: ArrayLike<number>, columns: number, rows: number, factor: number): SmoothMap {
  const own = Array.from(values, (value) => (value >= 0 ? value : -1));
  const [across, up] = [taps(columns, factor), taps(rows, factor)];
  const [width, height] = [columns * factor, rows * factor];
  const best = new Float32Array(width * height).fill(-Infinity);
  const winner = new Int16Array(width * height);
  const wide = new Float32Array(width * rows);
  for (const category of [...new Set(own)].sort((a, b) => b - a)) {
    for (let row = 0; row < rows; row += 1) {
      for (let x = 0; x < width; x += 1) {
        let sum = 0;
        for (let tap = 0; tap < 4; tap += 1)
          if (own[row * columns + across.places[4 * x + tap]] === category) sum += across.weights[4 * x + tap];
        wide[row * width + x] = sum;
      }
    }
    for (let y = 0; y < height; y += 1) {
      for (let x = 0; x < width; x += 1) {
        let sum = 0;
        for (let tap = 0; tap < 4; tap += 1) sum += up.weights[4 * y + tap] * wide[up.places[4 * y + tap] * width + x];
        if (sum <= best[y * width + x]) continue;
        best[y * width + x] = sum;
        winner[y * width + x] = category;
      }
    }
  }
  return { columns: width, rows: height, values: winner };
}

/** Of every pixel along a side the four cells around it and their weights, by Keys' cubic convolution (1981) with a = -1/2. */
function taps(size: number, factor: number): { readonly places: Int32Array; readonly weights: Float64Array } {
  const places = new Int32Array(4 * size * factor);
  const weights = new Float64Array(4 * size * factor);
  for (let pixel = 0; pixel < size * factor; pixel += 1) {
    const at = (pixel + 0.5) / factor - 0.5;
    const first = Math.floor(at) - 1;
    for (let tap = 0; tap < 4; tap += 1) {
      places[4 * pixel + tap] = Math.max(0, Math.min(size - 1, first + tap));
      weights[4 * pixel + tap] = keys(Math.abs(at - first - tap));
    }
  }
  return { places, weights };
}

const keys = (distance: number): number =>
  distance <= 1 ? (1.5 * distance - 2.5) * distance ** 2 + 1 : distance < 2 ? ((-0.5 * distance + 2.5) * distance - 4) * distance + 2 : 0;
