import { constant, multiplyAdd } from './vectors';

// ln x as in fdlibm's e_log.c and its single-precision form (Sun Microsystems 1993): x = 2^k (1 + f) with 1 + f between sqrt(1/2) and
// sqrt(2), s = f / (2 + f), ln(1 + f) = f - (f^2 / 2 - s (f^2 / 2 + R(s^2))) with a minimax polynomial R. Same bits on every host.

/** Bits of sqrt(1/2), whose mantissa divides the range in two, and of 1. */
const HALF_ROOT_32: i32 = 0x3f3504f3;
const ONE_32: i32 = 0x3f800000;
const HALF_ROOT_64: i64 = 0x3fe6a09e_00000000;
const ONE_64: i64 = 0x3ff00000_00000000;

/** 1.5 * 2^52: a small whole number added to its bits is added to its value. */
const ROUNDER: f64 = 6755399441055744.0;

/** ln x within 1 unit in the last place for normal positive x; infinity and NaN stay what they are. */
@inline
export function logarithm<T>(x: v128): v128 {
  let power: v128;
  let fraction: v128;
  if (sizeof<T>() == 4) {
    const shifted = i32x4.add(x, i32x4.splat(ONE_32 - HALF_ROOT_32));
    power = f32x4.convert_i32x4_s(i32x4.sub(i32x4.shr_s(shifted, 23), i32x4.splat(127)));
    fraction = i32x4.add(v128.and(shifted, i32x4.splat(0x007fffff)), i32x4.splat(HALF_ROOT_32));
  } else {
    const shifted = i64x2.add(x, i64x2.splat(ONE_64 - HALF_ROOT_64));
    const exponent = i64x2.sub(i64x2.shr_s(shifted, 52), i64x2.splat(1023));
    power = f64x2.sub(i64x2.add(exponent, f64x2.splat(ROUNDER)), f64x2.splat(ROUNDER));
    fraction = i64x2.add(v128.and(shifted, i64x2.splat(0x000fffff_ffffffff)), i64x2.splat(HALF_ROOT_64));
  }
  const f = v128.sub<T>(fraction, constant<T>(1.0));
  const s = v128.div<T>(f, v128.add<T>(f, constant<T>(2.0)));
  const z = v128.mul<T>(s, s);
  const w = v128.mul<T>(z, z);
  let even: v128;
  let odd: v128;
  if (sizeof<T>() == 4) {
    even = v128.mul<T>(w, multiplyAdd<T>(w, constant<T>(0.24279078841), constant<T>(0.40000972152)));
    odd = v128.mul<T>(z, multiplyAdd<T>(w, constant<T>(0.28498786688), constant<T>(0.66666662693)));
  } else {
    even = multiplyAdd<T>(w, constant<T>(1.531383769920937332e-1), constant<T>(2.222219843214978396e-1));
    even = v128.mul<T>(w, multiplyAdd<T>(w, even, constant<T>(3.999999999940941908e-1)));
    odd = multiplyAdd<T>(w, constant<T>(1.479819860511658591e-1), constant<T>(1.818357216161805012e-1));
    odd = multiplyAdd<T>(w, odd, constant<T>(2.857142874366239149e-1));
    odd = v128.mul<T>(z, multiplyAdd<T>(w, odd, constant<T>(6.666666666666735130e-1)));
  }
  const half = v128.mul<T>(constant<T>(0.5), v128.mul<T>(f, f));
  const low = sizeof<T>() == 4 ? constant<T>(9.0580006145e-6) : constant<T>(1.90821492927058770002e-10);
  const high = sizeof<T>() == 4 ? constant<T>(6.9313812256e-1) : constant<T>(6.93147180369123816490e-1);
  const curve = v128.mul<T>(s, v128.add<T>(half, v128.add<T>(even, odd)));
  const tail = v128.sub<T>(v128.sub<T>(half, multiplyAdd<T>(power, low, curve)), f);
  return v128.bitselect(v128.sub<T>(v128.mul<T>(power, high), tail), x, isFinite<T>(x));
}

/** ln(1 + q) within 2 units in the last place for q >= 0; infinity and NaN stay what they are. */
@inline
export function logarithmOfOnePlus<T>(q: v128): v128 {
  const one = constant<T>(1.0);
  const sum = v128.add<T>(one, q);
  // What rounding 1 + q lost, at the slope of the logarithm there.
  const lost = v128.div<T>(v128.sub<T>(q, v128.sub<T>(sum, one)), sum);
  return v128.add<T>(logarithm<T>(sum), v128.and(lost, isFinite<T>(sum)));
}

/** All bits set in the lanes of x that hold neither infinity nor NaN, for x >= 0. */
@inline
function isFinite<T>(x: v128): v128 {
  return v128.lt<T>(x, constant<T>(Infinity));
}
