import { exponential } from './exponential';
import { constant, firstLanes, lanes, largestLane, multiplyAdd, storePartial, sumLanes } from './vectors';

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
function largest<T>(x: usize, count: i32): T {
  let top = constant<T>(-Infinity);
  const low = top;
  for (let j = 0; j < count; j += lanes<T>()) {
    top = v128.pmax<T>(top, v128.bitselect(v128.load(x + <usize>j * sizeof<T>()), low, firstLanes<T>(count - j)));
  }
  return largestLane<T>(top);
}

@inline
function storeInRow<T>(address: usize, value: v128, left: i32, last: bool): void {
  if (last) storePartial<T>(address, value, left);
  else v128.store(address, value);
}

/**
 * out = mean over rows of log sum_j e^z_j - z_label; unless `slope` is 0, slope = (softmax(z) - one-hot) / rows.
 * Rows of `slope` are written in ascending order as whole vectors that may run into the next row, except the last one: storing lanes
 * one by one and reading them back as a vector would stall.
 */
export function crossEntropy<T>(z: usize, labels: usize, out: usize, slope: usize, rows: i32, classes: i32): void {
  const row = <usize>classes * sizeof<T>();
  const share = 1.0 / <f64>rows;
  let result = 0.0;
  for (let i = 0; i < rows; i++) {
    const top = largest<T>(z, classes);
    const shift = v128.splat<T>(top);
    let masses = v128.splat<T>(0);
    for (let j = 0; j < classes; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      const mass = v128.and(exponential<T>(v128.sub<T>(v128.load(z + at), shift)), firstLanes<T>(classes - j));
      masses = v128.add<T>(masses, mass);
      if (slope) storeInRow<T>(slope + at, mass, classes - j, i + 1 == rows);
    }
    const mass = sumLanes<T>(masses);
    const label = <usize>load<i32>(labels + (<usize>i << 2)) * sizeof<T>();
    result += Math.log(mass) - (<f64>load<T>(z + label) - <f64>top);
    if (slope) {
      const factor = constant<T>(share / mass);
      for (let j = 0; j < classes; j += lanes<T>()) {
        const at = slope + <usize>j * sizeof<T>();
        storeInRow<T>(at, v128.mul<T>(factor, v128.load(at)), classes - j, i + 1 == rows);
      }
      store<T>(slope + label, <T>(<f64>load<T>(slope + label) - share));
      slope += row;
    }
    z += row;
  }
  store<T>(out, <T>(result * share));
}

/** out = fraction of rows whose first largest number is at the label. */
export function accuracy<T>(z: usize, labels: usize, out: usize, rows: i32, classes: i32): void {
  const row = <usize>classes * sizeof<T>();
  let right = 0;
  for (let i = 0; i < rows; i++) {
    const top = largest<T>(z, classes);
    const label = load<i32>(labels + (<usize>i << 2));
    if (load<T>(z + <usize>label * sizeof<T>()) == top) {
      let first = 0;
      while (first < label && load<T>(z + <usize>first * sizeof<T>()) != top) first++;
      if (first == label) right++;
    }
    z += row;
  }
  store<T>(out, <T>(<f64>right / <f64>rows));
}
