import { hyperbolicTangent, logistic } from './exponential';
import { constant, multiplyAdd } from './vectors';

// y = f(x) and, unless `slope` is 0, f'(x). Whole vectors: the padding behind a tensor may be overwritten.

export function silu<T>(x: usize, y: usize, slope: usize, count: i32): void {
  const one = constant<T>(1.0);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    const value = v128.load(x + i);
    const s = logistic<T>(value);
    v128.store(y + i, v128.mul<T>(value, s));
    if (slope) v128.store(slope + i, v128.mul<T>(s, multiplyAdd<T>(value, v128.sub<T>(one, s), one)));
  }
}

export function relu<T>(x: usize, y: usize, slope: usize, count: i32): void {
  const zero = constant<T>(0.0);
  const one = constant<T>(1.0);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    const value = v128.load(x + i);
    v128.store(y + i, v128.pmax<T>(value, zero));
    if (slope) v128.store(slope + i, v128.and(v128.gt<T>(value, zero), one));
  }
}

export function tanh<T>(x: usize, y: usize, slope: usize, count: i32): void {
  const one = constant<T>(1.0);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    const value = hyperbolicTangent<T>(v128.load(x + i));
    v128.store(y + i, value);
    if (slope) v128.store(slope + i, v128.sub<T>(one, v128.mul<T>(value, value)));
  }
}

export function sigmoid<T>(x: usize, y: usize, slope: usize, count: i32): void {
  const one = constant<T>(1.0);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    const s = logistic<T>(v128.load(x + i));
    v128.store(y + i, s);
    if (slope) v128.store(slope + i, v128.mul<T>(s, v128.sub<T>(one, s)));
  }
}

/** Tanh form: y = x s(2u), u = sqrt(2/pi) (x + 0.044715 x^3). */
export function gelu<T>(x: usize, y: usize, slope: usize, count: i32): void {
  const one = constant<T>(1.0);
  const cubic = constant<T>(0.044715);
  const twiceRoot = constant<T>(2.0 * 0.7978845608028654);
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    const value = v128.load(x + i);
    const bend = v128.mul<T>(cubic, v128.mul<T>(value, value));
    const s = logistic<T>(v128.mul<T>(twiceRoot, multiplyAdd<T>(bend, value, value)));
    const product = v128.mul<T>(value, s);
    v128.store(y + i, product);
    if (slope) {
      const inner = v128.mul<T>(twiceRoot, multiplyAdd<T>(bend, constant<T>(3.0), one));
      v128.store(slope + i, multiplyAdd<T>(v128.mul<T>(product, v128.sub<T>(one, s)), inner, s));
    }
  }
}
