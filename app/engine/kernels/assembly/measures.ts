import { constant, firstLanes, lanes, multiplyAdd, sumLanes } from './vectors';

// Kernels of measures that runs record at every step.

/** Squared Euclidean distance of two vectors of `columns` numbers. */
@inline
function squaredDistance<T>(x: usize, y: usize, columns: i32): f64 {
  let s = v128.splat<T>(0);
  for (let j = 0; j < columns; j += lanes<T>()) {
    const at = <usize>j * sizeof<T>();
    const difference = v128.and(v128.sub<T>(v128.load(x + at), v128.load(y + at)), firstLanes<T>(columns - j));
    s = multiplyAdd<T>(difference, difference, s);
  }
  return sumLanes<T>(s);
}

/** out = fraction of rows of x whose first nearest row of `candidates` is the labelled one. */
export function nearestAccuracy<T>(x: usize, candidates: usize, labels: usize, out: usize, rows: i32, count: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  let right = 0;
  for (let i = 0; i < rows; i++) {
    let nearest = -1;
    let least = f64.POSITIVE_INFINITY;
    let candidate = candidates;
    for (let c = 0; c < count; c++) {
      const distance = squaredDistance<T>(x, candidate, columns);
      if (distance < least) {
        least = distance;
        nearest = c;
      }
      candidate += row;
    }
    if (nearest == load<i32>(labels + (<usize>i << 2))) right++;
    x += row;
  }
  store<T>(out, <T>(<f64>right / <f64>rows));
}

/** Every column minus its mean, over its unbiased standard deviation. Moments are summed in double precision, rows ascending. */
export function standardizeColumns<T>(x: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let j = 0; j < columns; j++) {
    // Relative to the first number, so that equal numbers have exactly no variance.
    const first = <f64>load<T>(x);
    let total = 0.0;
    for (let i = 0; i < rows; i++) total += <f64>load<T>(x + <usize>i * row) - first;
    const mean = total / <f64>rows;
    let squares = 0.0;
    for (let i = 0; i < rows; i++) {
      const deviation = <f64>load<T>(x + <usize>i * row) - first - mean;
      squares += deviation * deviation;
    }
    const scale = Math.sqrt(squares / <f64>(rows - 1));
    for (let i = 0; i < rows; i++) {
      const at = <usize>i * row;
      store<T>(out + at, <T>((<f64>load<T>(x + at) - first - mean) / scale));
    }
    x += sizeof<T>();
    out += sizeof<T>();
  }
}

/** out = fraction of `count` numbers below a threshold; NaN if one of them is NaN. */
export function fractionBelow<T>(x: usize, out: usize, count: i32, threshold: f64): void {
  const bound = constant<T>(threshold);
  let below = 0;
  let strange = v128.splat<T>(0);
  for (let j = 0; j < count; j += lanes<T>()) {
    const value = v128.load(x + <usize>j * sizeof<T>());
    const valid = firstLanes<T>(count - j);
    strange = v128.or(strange, v128.and(valid, v128.ne<T>(value, value)));
    // Bytes of the lanes that are below.
    below += popcnt(i8x16.bitmask(v128.and(valid, v128.lt<T>(value, bound))));
  }
  const fraction = <f64>below / (<f64>sizeof<T>() * <f64>count);
  store<T>(out, v128.any_true(strange) ? <T>NaN : <T>fraction);
}
