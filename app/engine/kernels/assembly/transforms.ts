import { constant, firstLanes, lanes, multiplyAdd, sumLanes } from './vectors';

// What happens to gradients before and to parameters after an update rule, over contiguous ranges; padding may be overwritten.

/**
 * x <- x target / (norm + offset), where the double at `squares` is the square of the norm. With `shrinkOnly` numbers are never made
 * larger; without it a norm of 0 is left alone.
 */
export function rescale<T>(x: usize, count: i32, squares: usize, target: f64, offset: f64, shrinkOnly: bool): void {
  const norm = Math.sqrt(load<f64>(squares));
  const factor = target / (norm + offset);
  if (shrinkOnly ? factor > 1.0 : norm == 0.0) return;
  const s = constant<T>(factor);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) v128.store(x + i, v128.mul<T>(s, v128.load(x + i)));
}

/** Every number of x to -limit..limit; NaN stays. */
export function clip<T>(x: usize, count: i32, limit: f64): void {
  const high = constant<T>(limit);
  const low = constant<T>(-limit);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    v128.store(x + i, v128.pmax<T>(v128.pmin<T>(v128.load(x + i), high), low));
  }
}

/** average <- keep average + (1 - keep) g, or g at step 1; g <- g + gain average */
export function blendAverage<T>(g: usize, average: usize, count: i32, step: i32, keep: f64, gain: f64): void {
  const old = constant<T>(keep);
  const fresh = constant<T>(1.0 - keep);
  const weight = constant<T>(gain);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    const gradient = v128.load(g + i);
    const mean = step == 1 ? gradient : multiplyAdd<T>(old, v128.load(average + i), v128.mul<T>(fresh, gradient));
    v128.store(average + i, mean);
    v128.store(g + i, multiplyAdd<T>(weight, mean, gradient));
  }
}

/** Sum of x * y, in double precision. */
function product<T>(x: usize, y: usize, count: i32): f64 {
  let even = f64x2.splat(0);
  let odd = even;
  for (let j = 0; j < count; j += lanes<T>()) {
    const at = <usize>j * sizeof<T>();
    const seen = firstLanes<T>(count - j);
    const a = v128.and(v128.load(x + at), seen);
    const b = v128.and(v128.load(y + at), seen);
    if (sizeof<T>() == 4) {
      even = multiplyAdd<f64>(f64x2.promote_low_f32x4(a), f64x2.promote_low_f32x4(b), even);
      odd = multiplyAdd<f64>(
        f64x2.promote_low_f32x4(v128.shuffle<i64>(a, a, 1, 0)), f64x2.promote_low_f32x4(v128.shuffle<i64>(b, b, 1, 0)), odd,
      );
    } else {
      even = multiplyAdd<f64>(a, b, even);
    }
  }
  return sumLanes<f64>(f64x2.add(even, odd));
}

/** Takes from g its component along p; with `keepNorm` stretches the rest to the norm g had. A rest of rounding size becomes 0. */
export function perpendicular<T>(p: usize, g: usize, count: i32, keepNorm: bool): void {
  const bytes = <usize>count * sizeof<T>();
  const before = product<T>(g, g, count);
  const along = constant<T>(-product<T>(p, g, count) / (product<T>(p, p, count) + 1e-30));
  for (let i: usize = 0; i < bytes; i += 16) v128.store(g + i, multiplyAdd<T>(along, v128.load(p + i), v128.load(g + i)));
  const after = product<T>(g, g, count);
  // Asked this way round, NaN is passed on.
  const isRounding = after <= 1e-12 * before;
  if (!isRounding && !keepNorm) return;
  const factor = constant<T>(isRounding ? 0.0 : Math.sqrt(before / after));
  for (let i: usize = 0; i < bytes; i += 16) v128.store(g + i, v128.mul<T>(factor, v128.load(g + i)));
}

/** Copies the double for a step, counted from 1, out of a table; after its end the last. */
export function lookUp(table: usize, length: i32, step: i32, out: usize): void {
  store<f64>(out, load<f64>(table + (<usize>(min(step, length) - 1) << 3)));
}
