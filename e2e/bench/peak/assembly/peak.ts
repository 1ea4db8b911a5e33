// AssemblyScript. What this processor can do with 128-bit vectors: chains of x = x * a + b that do not wait for each other.
// Twelve chains cover four cycles of latency on two (three) pipes and leave V8 registers for a and b.

/** Chains of each call. */
const CHAINS: i32 = 12;

@inline
function step<T>(x: v128, a: v128, b: v128, fused: bool): v128 {
  return fused ? v128.relaxed_madd<T>(x, a, b) : v128.add<T>(v128.mul<T>(x, a), b);
}

// Inlined, so that each export is a loop without a branch.
@inline
function chains<T>(times: i32, factor: f64, summand: f64, fused: bool): f64 {
  // From arguments: V8 would make constants anew in every turn.
  const a = v128.splat<T>(<T>factor);
  const b = v128.splat<T>(<T>summand);
  // The chains must differ, or a compiler may keep one of them.
  let x0 = b, x1 = v128.add<T>(x0, b), x2 = v128.add<T>(x1, b), x3 = v128.add<T>(x2, b), x4 = v128.add<T>(x3, b);
  let x5 = v128.add<T>(x4, b), x6 = v128.add<T>(x5, b), x7 = v128.add<T>(x6, b), x8 = v128.add<T>(x7, b), x9 = v128.add<T>(x8, b);
  let x10 = v128.add<T>(x9, b), x11 = v128.add<T>(x10, b);
  for (let time = 0; time < times; time++) {
    x0 = step<T>(x0, a, b, fused); x1 = step<T>(x1, a, b, fused); x2 = step<T>(x2, a, b, fused); x3 = step<T>(x3, a, b, fused);
    x4 = step<T>(x4, a, b, fused); x5 = step<T>(x5, a, b, fused); x6 = step<T>(x6, a, b, fused); x7 = step<T>(x7, a, b, fused);
    x8 = step<T>(x8, a, b, fused); x9 = step<T>(x9, a, b, fused); x10 = step<T>(x10, a, b, fused); x11 = step<T>(x11, a, b, fused);
    x0 = step<T>(x0, a, b, fused); x1 = step<T>(x1, a, b, fused); x2 = step<T>(x2, a, b, fused); x3 = step<T>(x3, a, b, fused);
    x4 = step<T>(x4, a, b, fused); x5 = step<T>(x5, a, b, fused); x6 = step<T>(x6, a, b, fused); x7 = step<T>(x7, a, b, fused);
    x8 = step<T>(x8, a, b, fused); x9 = step<T>(x9, a, b, fused); x10 = step<T>(x10, a, b, fused); x11 = step<T>(x11, a, b, fused);
  }
  const s0 = v128.add<T>(v128.add<T>(x0, x1), v128.add<T>(x2, x3));
  const s1 = v128.add<T>(v128.add<T>(x4, x5), v128.add<T>(x6, x7));
  const s2 = v128.add<T>(v128.add<T>(x8, x9), v128.add<T>(x10, x11));
  return <f64>v128.extract_lane<T>(v128.add<T>(v128.add<T>(s0, s1), s2), 0);
}

/** Floating-point operations of one turn: two steps of all chains. */
export function flops32(): i32 { return 2 * CHAINS * 4 * 2; }
export function flops64(): i32 { return 2 * CHAINS * 2 * 2; }

/** So many turns; 0 < factor < 1 keeps numbers normal, the result keeps the work from being dropped. */
export function fused32(times: i32, factor: f64, summand: f64): f64 { return chains<f32>(times, factor, summand, true); }
export function fused64(times: i32, factor: f64, summand: f64): f64 { return chains<f64>(times, factor, summand, true); }

/** The same chains with multiplication and addition by themselves: their latencies add up, so this is no bound, only a comparison. */
export function separate32(times: i32, factor: f64, summand: f64): f64 { return chains<f32>(times, factor, summand, false); }
export function separate64(times: i32, factor: f64, summand: f64): f64 { return chains<f64>(times, factor, summand, false); }
