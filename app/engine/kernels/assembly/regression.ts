import { logarithmOfOnePlus } from './logarithm';
import { constant, firstLanes, lanes, sumLanes } from './vectors';

// Losses and measures of real-valued targets. Sums are carried in double precision across strips of vectors, in a fixed order.

/** Vectors summed in the program's precision before their sum joins the double-precision total. */
const STRIP = 64;

/**
 * out = mean of ln(1 + (a - b)^2) / 2; unless they are 0, slope = d / (1 + d^2) / count and bend = (1 - d^2) / (1 + d^2)^2 / count
 * with d = a - b: first and second derivative. Whole vectors: the padding behind slope and bend may be overwritten.
 */
export function halfLogSquaredError<T>(a: usize, b: usize, out: usize, slope: usize, bend: usize, count: i32): void {
  const one = constant<T>(1.0);
  const share = constant<T>(1.0 / <f64>count);
  let result = 0.0;
  for (let i = 0; i < count; i += STRIP * lanes<T>()) {
    const end = min(count, i + STRIP * lanes<T>());
    let s = v128.splat<T>(0);
    for (let j = i; j < end; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      const difference = v128.and(v128.sub<T>(v128.load(a + at), v128.load(b + at)), firstLanes<T>(end - j));
      const square = v128.mul<T>(difference, difference);
      s = v128.add<T>(s, logarithmOfOnePlus<T>(square));
      const weight = v128.div<T>(share, v128.add<T>(one, square));
      if (slope) v128.store(slope + at, v128.mul<T>(difference, weight));
      if (bend) v128.store(bend + at, v128.mul<T>(weight, v128.div<T>(v128.sub<T>(one, square), v128.add<T>(one, square))));
    }
    result += sumLanes<T>(s);
  }
  store<T>(out, <T>((0.5 * result) / <f64>count));
}

/** out = fraction of elements of a that are, rounded to the nearest whole number (halves to the even one), equal to those of b. */
export function roundingAccuracy<T>(a: usize, b: usize, out: usize, count: i32): void {
  let right = 0;
  for (let j = 0; j < count; j++) {
    const at = <usize>j * sizeof<T>();
    if (nearest<T>(load<T>(a + at)) == load<T>(b + at)) right++;
  }
  store<T>(out, <T>(<f64>right / <f64>count));
}
