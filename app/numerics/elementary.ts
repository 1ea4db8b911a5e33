/**
 * Elementary functions made of IEEE additions, multiplications, divisions and square roots only.
 * V8 changes the last bits of Math.exp, log, sin and cos between versions; these never change, so that the same
 * seed gives the same bits in Node, Electron and the browser. Kernels follow fdlibm (Sun Microsystems, 1993).
 */

const float = new Float64Array(1);
const words = new Uint32Array(float.buffer);
float[0] = 1;
/** Index of the word that holds sign and exponent. */
const high = words[1] === 0x3ff00000 ? 1 : 0;

/** 2^exponent for -1022 <= exponent <= 1023, exact. */
function powerOfTwo(exponent: number): number {
  words[high] = (exponent + 1023) << 20;
  words[1 - high] = 0;
  return float[0];
}

const ln2High = 0.6931471803691238;
const ln2Low = 1.9082149292705877e-10;

/** e^x, error below 1 ulp. Overflows to Infinity above 709.78, underflows to 0 below -745.13. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x;
  if (x > 709.782712893384) return Infinity;
  if (x < -745.1332191019411) return 0;
  // x = k ln 2 + (hi - lo), the remainder being at most ln 2 / 2.
  const k = Math.floor(x * 1.4426950408889634 + 0.5);
  const hi = x - k * ln2High;
  const lo = k * ln2Low;
  const r = hi - lo;
  const t = r * r;
  const c =
    r -
    t *
      (0.16666666666666602 +
        t * (-0.0027777777777015593 + t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))));
  const y = 1 - (lo - (r * c) / (2 - c) - hi);
  if (k >= -1021 && k <= 1023) return y * powerOfTwo(k);
  // Two factors keep subnormal results correctly rounded and the largest results finite.
  return k > 1023 ? y * 2 * powerOfTwo(k - 1) : y * powerOfTwo(k + 1000) * powerOfTwo(-1000);
}

/** Natural logarithm, error below 1 ulp. log(0) is -Infinity, of a negative number NaN. */
export function log(x: number): number {
  if (!(x > 0)) return x === 0 ? -Infinity : NaN;
  if (x === Infinity) return x;
  const subnormal = x < 2.2250738585072014e-308;
  float[0] = subnormal ? x * 18014398509481984 : x;
  let k = (words[high] >>> 20) - 1023 - (subnormal ? 54 : 0);
  words[high] = (words[high] & 0x000fffff) | 0x3ff00000;
  let mantissa = float[0];
  if (mantissa > 1.4142135623730951) {
    mantissa /= 2;
    k += 1;
  }
  const f = mantissa - 1;
  const s = f / (2 + f);
  const z = s * s;
  const w = z * z;
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373));
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)));
  const half = 0.5 * f * f;
  return k * ln2High - (half - (s * (half + even + odd) + k * ln2Low) - f);
}

function sineKernel(x: number): number {
  const z = x * x;
  return (
    x +
    x *
      z *
      (-0.16666666666666632 +
        z *
          (0.00833333333332249 +
            z * (-0.0001984126982985795 + z * (0.0000027557313707070068 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))))
  );
}

function cosineKernel(x: number): number {
  const z = x * x;
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z * (0.00002480158728947673 + z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))));
  const half = 0.5 * z;
  const w = 1 - half;
  return w + (1 - w - half + z * r);
}

/** cos (quarter = 0) or sin (quarter = -1) of the turn k/n: the argument is reduced in integers, hence exactly. */
function quarterTurned(k: number, n: number, quarter: number): number {
  if (!Number.isSafeInteger(k) || !Number.isSafeInteger(4 * n) || n < 1)
    throw new RangeError(`turn ${k}/${n} needs integers, the second positive`);
  const turn = ((k % n) + n) % n;
  const nearest = Math.floor((4 * turn + n / 2) / n);
  const angle = (1.5707963267948966 * (4 * turn - nearest * n)) / n;
  switch ((nearest + quarter + 4) % 4) {
    case 0:
      return cosineKernel(angle);
    case 1:
      return 0 - sineKernel(angle);
    case 2:
      return 0 - cosineKernel(angle);
    default:
      return sineKernel(angle);
  }
}

/** cos(2 pi k / n) for integers k and n >= 1, within 1 ulp, exact at quarter turns. @throws RangeError otherwise. */
export function cosTurn(k: number, n: number): number {
  return quarterTurned(k, n, 0);
}

/** sin(2 pi k / n) for integers k and n >= 1, within 1 ulp, exact at quarter turns. @throws RangeError otherwise. */
export function sinTurn(k: number, n: number): number {
  return quarterTurned(k, n, -1);
}

function polynomial(coefficients: readonly number[], x: number): number {
  let value = 0;
  for (let i = coefficients.length - 1; i >= 0; i -= 1) value = value * x + coefficients[i];
  return value;
}

const centreNumerator = [
  3.3871328727963665, 133.14166789178438, 1971.5909503065513, 13731.69376550946, 45921.95393154987, 67265.7709270087, 33430.57558358813,
  2509.0809287301227,
];
const centreDenominator = [
  1, 42.31333070160091, 687.1870074920579, 5394.196021424751, 21213.794301586597, 39307.89580009271, 28729.085735721943, 5226.495278852854,
];
const shoulderNumerator = [
  1.4234371107496835, 4.630337846156546, 5.769497221460691, 3.6478483247632045, 1.2704582524523684, 0.2417807251774506,
  0.022723844989269184, 0.0007745450142783414,
];
const shoulderDenominator = [
  1, 2.053191626637759, 1.6763848301838038, 0.6897673349851, 0.14810397642748008, 0.015198666563616457, 0.0005475938084995345,
  1.0507500716444169e-9,
];
const tailNumerator = [
  6.657904643501103, 5.463784911164114, 1.7848265399172913, 0.29656057182850487, 0.026532189526576124, 0.0012426609473880784,
  0.000027115555687434876, 2.0103343992922881e-7,
];
const tailDenominator = [
  1, 0.599832206555888, 0.1369298809227358, 0.014875361290850615, 0.0007868691311456133, 0.000018463183175100548, 1.421511758316446e-7,
  2.0442631033899397e-15,
];

/**
 * Quantile of the standard normal distribution, relative error about 1e-16 (Wichura, Applied Statistics 37, 1988, AS 241).
 * @param probability in (0, 1); 0 and 1 give -Infinity and Infinity, anything else NaN
 */
export function inverseNormal(probability: number): number {
  const q = probability - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    const r = 0.180625 - q * q;
    return (q * polynomial(centreNumerator, r)) / polynomial(centreDenominator, r);
  }
  const tail = q < 0 ? probability : 1 - probability;
  if (!(tail > 0)) return tail === 0 ? (q < 0 ? -Infinity : Infinity) : NaN;
  const r = Math.sqrt(-log(tail));
  const magnitude =
    r <= 5
      ? polynomial(shoulderNumerator, r - 1.6) / polynomial(shoulderDenominator, r - 1.6)
      : polynomial(tailNumerator, r - 5) / polynomial(tailDenominator, r - 5);
  return q < 0 ? -magnitude : magnitude;
}
