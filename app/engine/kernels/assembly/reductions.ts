import { exponential } from './exponential';
import { constant, firstLanes, lanes, largestLane, multiplyAdd, splatFrom, storePartial, sumLanes } from './vectors';

// Kernels with a scalar result. Sums are carried in double precision across vectors of at most STRIP of them, in a fixed order.

/** Vectors summed in the program's precision before their sum joins the double-precision total. */
const STRIP = 64;

/** Sum of `count` numbers as a double. */
function total<T>(x: usize, count: i32): f64 {
  let result = 0.0;
  for (let i = 0; i < count; i += STRIP * lanes<T>()) {
    const end = min(count, i + STRIP * lanes<T>());
    let s = v128.splat<T>(0);
    for (let j = i; j < end; j += lanes<T>()) {
      s = v128.add<T>(s, v128.and(v128.load(x + <usize>j * sizeof<T>()), firstLanes<T>(end - j)));
    }
    result += sumLanes<T>(s);
  }
  return result;
}

/** out = factor * sum of x */
export function sum<T>(x: usize, out: usize, count: i32, factor: f64): void {
  store<T>(out, <T>(factor * total<T>(x, count)));
}

/** Adds the squares of `count` numbers to the double at `accumulator`, or starts it. Squares are summed in double precision. */
export function sumOfSquares<T>(x: usize, count: i32, accumulator: usize, start: bool): void {
  let even = f64x2.splat(0);
  let odd = even;
  for (let j = 0; j < count; j += lanes<T>()) {
    const value = v128.and(v128.load(x + <usize>j * sizeof<T>()), firstLanes<T>(count - j));
    if (sizeof<T>() == 4) {
      const low = f64x2.promote_low_f32x4(value);
      const high = f64x2.promote_low_f32x4(v128.shuffle<i64>(value, value, 1, 0));
      even = multiplyAdd<f64>(low, low, even);
      odd = multiplyAdd<f64>(high, high, odd);
    } else {
      even = multiplyAdd<f64>(value, value, even);
    }
  }
  const result = sumLanes<f64>(f64x2.add(even, odd));
  store<f64>(accumulator, start ? result : load<f64>(accumulator) + result);
}

/** Square root of the double at `from`. */
export function squareRoot<T>(from: usize, out: usize): void {
  store<T>(out, <T>Math.sqrt(load<f64>(from)));
}

/** out = mean of (a - b)^2; unless `slope` is 0, slope = 2 (a - b) / count. */
export function squaredError<T>(a: usize, b: usize, out: usize, slope: usize, count: i32): void {
  const factor = constant<T>(2.0 / <f64>count);
  let result = 0.0;
  for (let i = 0; i < count; i += STRIP * lanes<T>()) {
    const end = min(count, i + STRIP * lanes<T>());
    let s = v128.splat<T>(0);
    for (let j = i; j < end; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      const difference = v128.and(v128.sub<T>(v128.load(a + at), v128.load(b + at)), firstLanes<T>(end - j));
      s = multiplyAdd<T>(difference, difference, s);
      if (slope) v128.store(slope + at, v128.mul<T>(factor, difference));
    }
    result += sumLanes<T>(s);
  }
  store<T>(out, <T>(result / <f64>count));
}

/** Largest of `count` numbers, NaN left aside; -infinity if there is no other. */
@inline
export function largest<T>(x: usize, count: i32): T {
  const low = constant<T>(-Infinity);
  let top = low;
  const whole = count & -lanes<T>();
  for (let j = 0; j < whole; j += lanes<T>()) top = v128.pmax<T>(top, v128.load(x + <usize>j * sizeof<T>()));
  if (whole < count) {
    top = v128.pmax<T>(top, v128.bitselect(v128.load(x + <usize>whole * sizeof<T>()), low, firstLanes<T>(count - whole)));
  }
  return largestLane<T>(top);
}

/**
 * Stores the next `left` numbers of a row as a whole vector that may run into the rows to come, which hold `after` numbers, but not beyond
 * them: rows shorter than a vector end with several partial ones.
 */
@inline
export function storeInRow<T>(address: usize, value: v128, left: i32, after: i32): void {
  if (left + after < lanes<T>()) storePartial<T>(address, value, left);
  else v128.store(address, value);
}

@inline
function weightOf<T>(weights: usize, row: i32): f64 {
  return weights ? <f64>load<T>(weights + <usize>row * sizeof<T>()) : 1.0;
}

/**
 * out = sum over rows of w (log sum_j e^z_j - z_label) / total; unless `slope` is 0, slope = w (softmax(z) - one-hot) / total.
 * `weights` may be 0: then every w is 1.
 * Rows of `slope` are written in ascending order as whole vectors that may run into the rows to come: storing lanes
 * one by one and reading them back as a vector would stall.
 */
export function crossEntropy<T>(
  z: usize, labels: usize, out: usize, slope: usize, rows: i32, classes: i32, weights: usize, total: f64,
): void {
  const row = <usize>classes * sizeof<T>();
  const whole = classes & -lanes<T>();
  let result = 0.0;
  for (let i = 0; i < rows; i++) {
    const top = largest<T>(z, classes);
    const shift = v128.splat<T>(top);
    let masses = v128.splat<T>(0);
    // Only the last vector of a row can be partial: the others need no mask.
    for (let j = 0; j < whole; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      const mass = exponential<T>(v128.sub<T>(v128.load(z + at), shift));
      masses = v128.add<T>(masses, mass);
      if (slope) v128.store(slope + at, mass);
    }
    if (whole < classes) {
      const at = <usize>whole * sizeof<T>();
      const mass = v128.and(exponential<T>(v128.sub<T>(v128.load(z + at), shift)), firstLanes<T>(classes - whole));
      masses = v128.add<T>(masses, mass);
      if (slope) storeInRow<T>(slope + at, mass, classes - whole, (rows - 1 - i) * classes);
    }
    const mass = sumLanes<T>(masses);
    const weight = weightOf<T>(weights, i);
    const share = weight / total;
    const label = <usize>load<i32>(labels + (<usize>i << 2)) * sizeof<T>();
    result += weight * (Math.log(mass) - (<f64>load<T>(z + label) - <f64>top));
    if (slope) {
      const factor = constant<T>(share / mass);
      for (let j = 0; j < whole; j += lanes<T>()) {
        const at = slope + <usize>j * sizeof<T>();
        v128.store(at, v128.mul<T>(factor, v128.load(at)));
      }
      if (whole < classes) {
        const at = slope + <usize>whole * sizeof<T>();
        storeInRow<T>(at, v128.mul<T>(factor, v128.load(at)), classes - whole, (rows - 1 - i) * classes);
      }
      store<T>(slope + label, <T>(<f64>load<T>(slope + label) - share));
      slope += row;
    }
    z += row;
  }
  store<T>(out, <T>(result * (1.0 / total)));
}

/** out = sum of w / total over rows whose first largest number is at the label. `weights` may be 0: then every w is 1. */
export function accuracy<T>(z: usize, labels: usize, out: usize, rows: i32, classes: i32, weights: usize, total: f64): void {
  const row = <usize>classes * sizeof<T>();
  let right = 0.0;
  for (let i = 0; i < rows; i++) {
    const label = load<i32>(labels + (<usize>i << 2));
    const value = splatFrom<T>(z + <usize>label * sizeof<T>());
    // Wrong if a number before the label is as large, or one behind it larger.
    let wrong = v128.ne<T>(value, value);
    for (let j = 0; j < classes; j += lanes<T>()) {
      const other = v128.load(z + <usize>j * sizeof<T>());
      let above = v128.gt<T>(other, value);
      if (j < label) above = v128.or(above, v128.and(v128.eq<T>(other, value), firstLanes<T>(label - j)));
      if (j + lanes<T>() > classes) above = v128.and(above, firstLanes<T>(classes - j));
      wrong = v128.or(wrong, above);
    }
    if (!v128.any_true(wrong)) right += weightOf<T>(weights, i);
    z += row;
  }
  store<T>(out, <T>(right / total));
}

/** out = factor * sum over rows of w_i sum_j x_ij */
export function weightedSum<T>(x: usize, out: usize, rows: i32, columns: i32, weights: usize, factor: f64): void {
  const row = <usize>columns * sizeof<T>();
  let result = 0.0;
  for (let i = 0; i < rows; i++) {
    result += weightOf<T>(weights, i) * total<T>(x, columns);
    x += row;
  }
  store<T>(out, <T>(factor * result));
}

/**
 * out = sum over rows of w_i sum_j (a_ij - b_ij)^2 / total; unless `slope` is 0, slope = 2 w_i (a - b) / total.
 * Rows of `slope` are written as those of `crossEntropy`.
 */
export function weightedSquaredError<T>(
  a: usize, b: usize, out: usize, slope: usize, rows: i32, columns: i32, weights: usize, total: f64,
): void {
  const row = <usize>columns * sizeof<T>();
  let result = 0.0;
  for (let i = 0; i < rows; i++) {
    const weight = weightOf<T>(weights, i);
    const factor = constant<T>(2.0 * weight / total);
    let s = v128.splat<T>(0);
    for (let j = 0; j < columns; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      const difference = v128.and(v128.sub<T>(v128.load(a + at), v128.load(b + at)), firstLanes<T>(columns - j));
      s = multiplyAdd<T>(difference, difference, s);
      if (slope) storeInRow<T>(slope + at, v128.mul<T>(factor, difference), columns - j, (rows - 1 - i) * columns);
    }
    result += weight * sumLanes<T>(s);
    a += row;
    b += row;
    if (slope) slope += row;
  }
  store<T>(out, <T>(result / total));
}

/** out_ij = factor w_i */
export function fillRows<T>(weights: usize, out: usize, rows: i32, columns: i32, factor: f64): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    const value = constant<T>(factor * weightOf<T>(weights, i));
    for (let j = 0; j < columns; j += lanes<T>()) storeInRow<T>(out + <usize>j * sizeof<T>(), value, columns - j, (rows - 1 - i) * columns);
    out += row;
  }
}
