import { multiplyAdd } from './vectors';

// Optimiser updates over contiguous ranges: parameters, gradients and moments in one layout, padding included.

/** b^n by repeated squaring in double precision. */
function integerPower(base: f64, exponent: i32): f64 {
  let result = 1.0;
  for (let square = base, rest = exponent; rest > 0; rest >>= 1, square *= square) {
    if (rest & 1) result *= square;
  }
  return result;
}

/** Adam, or with `decoupled` AdamW, as PyTorch orders the operations. Settings are doubles, rounded where they meet the parameters. */
export function adam<T>(
  p: usize,
  g: usize,
  m: usize,
  v: usize,
  count: i32,
  step: i32,
  decoupled: bool,
  learningRate: f64,
  weightDecay: f64,
  beta1: f64,
  beta2: f64,
  epsilon: f64,
): void {
  const shrink = v128.splat<T>(<T>(decoupled ? 1.0 - learningRate * weightDecay : 1.0));
  const coupled = v128.splat<T>(<T>weightDecay);
  const blend1 = v128.splat<T>(<T>(1.0 - beta1));
  const keep2 = v128.splat<T>(<T>beta2);
  const blend2 = v128.splat<T>(<T>(1.0 - beta2));
  const stepSize = v128.splat<T>(<T>-(learningRate / (1.0 - integerPower(beta1, step))));
  const root2 = Math.sqrt(1.0 - integerPower(beta2, step));
  const divisor = v128.splat<T>(<T>root2);
  const factor = v128.splat<T>(<T>(1.0 / root2));
  const offset = v128.splat<T>(<T>epsilon);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    const parameter = v128.mul<T>(v128.load(p + i), shrink);
    let gradient = v128.load(g + i);
    if (!decoupled) gradient = multiplyAdd<T>(coupled, parameter, gradient);
    const first = v128.load(m + i);
    const mean = multiplyAdd<T>(blend1, v128.sub<T>(gradient, first), first);
    const variance = v128.add<T>(v128.mul<T>(v128.load(v + i), keep2), v128.mul<T>(v128.mul<T>(blend2, gradient), gradient));
    v128.store(m + i, mean);
    v128.store(v + i, variance);
    const root = v128.sqrt<T>(variance);
    // Divisions are what the loop waits for; the relaxed build does with one of them less.
    const denominator = ASC_FEATURE_RELAXED_SIMD
      ? multiplyAdd<T>(root, factor, offset)
      : v128.add<T>(v128.div<T>(root, divisor), offset);
    v128.store(p + i, v128.add<T>(parameter, v128.div<T>(v128.mul<T>(stepSize, mean), denominator)));
  }
}

/** Gradient descent; `velocity` is 0 without momentum. */
export function sgd<T>(p: usize, g: usize, velocity: usize, count: i32, learningRate: f64, weightDecay: f64, momentum: f64): void {
  const rate = v128.splat<T>(<T>-learningRate);
  const decay = v128.splat<T>(<T>weightDecay);
  const keep = v128.splat<T>(<T>momentum);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    const parameter = v128.load(p + i);
    let direction = multiplyAdd<T>(decay, parameter, v128.load(g + i));
    if (velocity) {
      direction = multiplyAdd<T>(keep, v128.load(velocity + i), direction);
      v128.store(velocity + i, direction);
    }
    v128.store(p + i, multiplyAdd<T>(rate, direction, parameter));
  }
}
