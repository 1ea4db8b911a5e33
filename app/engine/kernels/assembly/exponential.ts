import { multiplyAdd, splatFrom } from './vectors';

// Elementary functions of vectors. Method: Cody & Waite, "Software Manual for the Elementary Functions" (1980): x = n ln 2 + r with
// ln 2 split in two so that n * high is exact and |r| <= ln 2 / 2, then a polynomial in r, then n joins the exponent bits.
// The wasm min and max are slow sequences on x64 because of NaN; pmin and pmax are one instruction and, with the variable first,
// keep a NaN.

// Constants stand in memory: a vector constant in the code costs V8 four instructions each time, a broadcast load one.

const TABLE_32: usize = memory.data<f32>([
  1.4426950408889634, -0.693359375, 2.12194440054690583e-4, 12582912.0, -87.3, 88.3, 10.0, 1.0, 2.0,
  1.9875691500e-4, 1.3981999507e-3, 8.3334519073e-3, 4.1665795894e-2, 1.6666665459e-1, 5.0000001201e-1,
]);
const TABLE_64: usize = memory.data<f64>([
  1.4426950408889634, -6.93147180369123816490e-1, -1.90821492927058770002e-10, 6755399441055744.0, -708.3, 709.4, 20.0, 1.0, 2.0,
  2.7620088445409746e-7, 2.4801521295954376e-5, 1.3888888917213717e-3, 4.166666666662413e-2, 0.5000000000000001,
  2.510038549551032e-8, 2.7557268459997064e-6, 1.9841269863053618e-4, 8.333333333330062e-3, 0.16666666666666669,
]);

const INVERSE_LN2: usize = 0;
/** -ln 2 in two parts, so that n * high is exact. */
const LN2_HIGH: usize = 1;
const LN2_LOW: usize = 2;
/** 1.5 * 2^23 or 1.5 * 2^52: added to a small number it rounds it to a whole one, which then stands in the low bits. */
const ROUNDER: usize = 3;
const LOWEST: usize = 4;
const HIGHEST: usize = 5;
/** From here on tanh rounds to 1. */
const FLAT: usize = 6;
const ONE: usize = 7;
const TWO: usize = 8;
const POLYNOMIAL: usize = 9;

@inline
function entry<T>(index: usize): v128 {
  return splatFrom<T>((sizeof<T>() == 4 ? TABLE_32 : TABLE_64) + index * sizeof<T>());
}

/** The whole number nearest to x / ln 2, in the low bits. */
@inline
function binades<T>(x: v128): v128 {
  return multiplyAdd<T>(x, entry<T>(INVERSE_LN2), entry<T>(ROUNDER));
}

/** r = x - n ln 2 for n = binades(x). */
@inline
function remainder<T>(x: v128, n: v128): v128 {
  const whole = v128.sub<T>(n, entry<T>(ROUNDER));
  return multiplyAdd<T>(whole, entry<T>(LN2_LOW), multiplyAdd<T>(whole, entry<T>(LN2_HIGH), x));
}

/** The low bits of binades as they are added to a number's bits to multiply it by 2^n. */
@inline
function exponentBits<T>(n: v128): v128 {
  return sizeof<T>() == 4 ? i32x4.shl(n, 23) : i64x2.shl(n, 52);
}

@inline
function addBits<T>(x: v128, bits: v128): v128 {
  return sizeof<T>() == 4 ? i32x4.add(x, bits) : i64x2.add(x, bits);
}

/** e^r - 1 = r + r^2 p(r) for |r| <= ln 2 / 2. f32: the polynomial of Cephes' expf; f64: interpolation in Chebyshev's points, error 1.3e-17. */
@inline
function expMinusOne<T>(r: v128): v128 {
  const square = v128.mul<T>(r, r);
  if (sizeof<T>() == 4) {
    let p = entry<T>(POLYNOMIAL);
    p = multiplyAdd<T>(p, r, entry<T>(POLYNOMIAL + 1));
    p = multiplyAdd<T>(p, r, entry<T>(POLYNOMIAL + 2));
    p = multiplyAdd<T>(p, r, entry<T>(POLYNOMIAL + 3));
    p = multiplyAdd<T>(p, r, entry<T>(POLYNOMIAL + 4));
    p = multiplyAdd<T>(p, r, entry<T>(POLYNOMIAL + 5));
    return multiplyAdd<T>(p, square, r);
  }
  // Even and odd terms side by side: two short chains instead of one long one.
  let even = entry<T>(POLYNOMIAL);
  even = multiplyAdd<T>(even, square, entry<T>(POLYNOMIAL + 1));
  even = multiplyAdd<T>(even, square, entry<T>(POLYNOMIAL + 2));
  even = multiplyAdd<T>(even, square, entry<T>(POLYNOMIAL + 3));
  even = multiplyAdd<T>(even, square, entry<T>(POLYNOMIAL + 4));
  let odd = entry<T>(POLYNOMIAL + 5);
  odd = multiplyAdd<T>(odd, square, entry<T>(POLYNOMIAL + 6));
  odd = multiplyAdd<T>(odd, square, entry<T>(POLYNOMIAL + 7));
  odd = multiplyAdd<T>(odd, square, entry<T>(POLYNOMIAL + 8));
  odd = multiplyAdd<T>(odd, square, entry<T>(POLYNOMIAL + 9));
  return multiplyAdd<T>(multiplyAdd<T>(odd, r, even), square, r);
}

/**
 * e^x within 1 unit in the last place. Results below the normal range (x < -87.3 in f32, -708.3 in f64) are 0; x above 88.3 or 709.4 counts as that bound,
 * so that no result is infinite. NaN stays NaN.
 */
@inline
export function exponential<T>(x: v128): v128 {
  const limited = v128.pmin<T>(x, entry<T>(HIGHEST));
  const n = binades<T>(limited);
  const mantissa = v128.add<T>(entry<T>(ONE), expMinusOne<T>(remainder<T>(limited, n)));
  return v128.andnot(addBits<T>(mantissa, exponentBits<T>(n)), v128.lt<T>(x, entry<T>(LOWEST)));
}

/** 1 / (1 + e^-x). Beyond the bounds of the exponential it is 0 or 1 anyway, so there x may count as the bound. */
@inline
export function logistic<T>(x: v128): v128 {
  const one = entry<T>(ONE);
  const limited = v128.pmax<T>(v128.pmin<T>(v128.neg<T>(x), entry<T>(HIGHEST)), entry<T>(LOWEST));
  const n = binades<T>(limited);
  const mantissa = v128.add<T>(one, expMinusOne<T>(remainder<T>(limited, n)));
  return v128.div<T>(one, v128.add<T>(one, addBits<T>(mantissa, exponentBits<T>(n))));
}

/** tanh x = t / (t + 2) with t = e^(2|x|) - 1, which keeps its relative accuracy near 0; 1 beyond the point where it rounds to 1. */
@inline
export function hyperbolicTangent<T>(x: v128): v128 {
  const size = v128.abs<T>(x);
  const limited = v128.pmin<T>(size, entry<T>(FLAT));
  const twice = v128.add<T>(limited, limited);
  const n = binades<T>(twice);
  const scale = addBits<T>(entry<T>(ONE), exponentBits<T>(n));
  const t = multiplyAdd<T>(scale, expMinusOne<T>(remainder<T>(twice, n)), v128.sub<T>(scale, entry<T>(ONE)));
  return v128.or(v128.div<T>(t, v128.add<T>(t, entry<T>(TWO))), v128.xor(x, size));
}
