// What the kernels need of 128-bit vectors, for f32 (4 lanes) and f64 (2 lanes).

/** Lanes of a vector. */
@inline
export function lanes<T>(): i32 {
  return 16 / sizeof<T>();
}

/** a * b + c, rounded twice; in the relaxed build once, where the processor has fused multiply-add. */
@inline
export function multiplyAdd<T>(a: v128, b: v128, c: v128): v128 {
  if (ASC_FEATURE_RELAXED_SIMD) return v128.relaxed_madd<T>(a, b, c);
  return v128.add<T>(v128.mul<T>(a, b), c);
}

/** A vector of the number at an address. */
@inline
export function splatFrom<T>(address: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(address) : v128.load64_splat(address);
}

@inline
export function constant<T>(value: f64): v128 {
  return v128.splat<T>(<T>value);
}

/** Stores the first `count` lanes, 1 <= count <= lanes. */
@inline
export function storePartial<T>(address: usize, value: v128, count: i32): void {
  if (count >= lanes<T>()) {
    v128.store(address, value);
  } else if (sizeof<T>() == 8) {
    v128.store64_lane(address, value, 0);
  } else if (count == 1) {
    v128.store32_lane(address, value, 0);
  } else {
    v128.store64_lane(address, value, 0);
    if (count == 3) v128.store32_lane(address, value, 2, 8);
  }
}

/** All bits set in the first `count` lanes. */
@inline
export function firstLanes<T>(count: i32): v128 {
  return sizeof<T>() == 4
    ? i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(count))
    : i64x2.lt_s(i64x2(0, 1), i64x2.splat(count));
}

/** Sum of all lanes as a double: ((0 + 1) + (2 + 3)). */
@inline
export function sumLanes<T>(value: v128): f64 {
  if (sizeof<T>() == 4) {
    return (
      <f64>f32x4.extract_lane(value, 0) +
      <f64>f32x4.extract_lane(value, 1) +
      (<f64>f32x4.extract_lane(value, 2) + <f64>f32x4.extract_lane(value, 3))
    );
  }
  return f64x2.extract_lane(value, 0) + f64x2.extract_lane(value, 1);
}

/** Largest lane of a vector without NaN. */
@inline
export function largestLane<T>(value: v128): T {
  if (sizeof<T>() == 4) {
    const pairs = f32x4.pmax(value, v128.shuffle<i32>(value, value, 2, 3, 0, 1));
    return <T>f32x4.extract_lane(f32x4.pmax(pairs, v128.shuffle<i32>(pairs, pairs, 1, 0, 3, 2)), 0);
  }
  return <T>f64x2.extract_lane(f64x2.pmax(value, v128.shuffle<i64>(value, value, 1, 0)), 0);
}
