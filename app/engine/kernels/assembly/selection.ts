import { firstLanes, lanes, splatFrom } from './vectors';

// The largest numbers of a row. Numbers are compared by whole-number keys that ascend as the numbers do, with NaN above everything,
// so that the k-th largest key is found bit by bit: one pass of counting for each bit, whatever the numbers.

/** Keys of a vector of numbers; -0 and 0 have the same. */
@inline
function keys<T>(x: v128): v128 {
  const value = v128.add<T>(x, v128.splat<T>(0));
  const number = v128.eq<T>(x, x);
  if (sizeof<T>() == 4) {
    const magnitude = v128.and(i32x4.shr_s(value, 31), i32x4.splat(i32.MAX_VALUE));
    return v128.bitselect(v128.xor(value, magnitude), i32x4.splat(i32.MAX_VALUE), number);
  }
  const magnitude = v128.and(i64x2.shr_s(value, 63), i64x2.splat(i64.MAX_VALUE));
  return v128.bitselect(v128.xor(value, magnitude), i64x2.splat(i64.MAX_VALUE), number);
}

/** How many of `count` numbers have a key of at least `limit`. */
@inline
function countFrom<T>(x: usize, count: i32, limit: i64): i32 {
  let s = i64x2.splat(0);
  for (let j = 0; j < count; j += lanes<T>()) {
    const key = keys<T>(v128.load(x + <usize>j * sizeof<T>()));
    if (sizeof<T>() == 4) s = i32x4.sub(s, v128.and(i32x4.ge_s(key, i32x4.splat(<i32>limit)), firstLanes<T>(count - j)));
    else s = i64x2.sub(s, v128.and(i64x2.ge_s(key, i64x2.splat(limit)), firstLanes<T>(count - j)));
  }
  if (sizeof<T>() == 4) {
    return i32x4.extract_lane(s, 0) + i32x4.extract_lane(s, 1) + i32x4.extract_lane(s, 2) + i32x4.extract_lane(s, 3);
  }
  return <i32>(i64x2.extract_lane(s, 0) + i64x2.extract_lane(s, 1));
}

/** The largest key that at least k of the numbers reach: the key of the k-th largest. */
@inline
function thresholdKey<T>(x: usize, count: i32, k: i32): i64 {
  const bits: i32 = sizeof<T>() * 8;
  let limit: i64 = sizeof<T>() == 4 ? <i64>i32.MIN_VALUE : i64.MIN_VALUE;
  // The sign bit counts downwards, so it is tried first: are there k numbers that are not negative?
  if (countFrom<T>(x, count, 0) >= k) limit = 0;
  for (let bit = bits - 2; bit >= 0; bit--) {
    const higher = limit | ((<i64>1) << bit);
    if (countFrom<T>(x, count, higher) >= k) limit = higher;
  }
  return limit;
}

@inline
function keyAt<T>(address: usize): i64 {
  const key = keys<T>(splatFrom<T>(address));
  return sizeof<T>() == 4 ? <i64>i32x4.extract_lane(key, 0) : i64x2.extract_lane(key, 0);
}

/** out = x where it is one of the k largest of its row (of equal numbers the first), else 0; unless `mask` is 0, mask = 1 there, else 0. */
export function topK<T>(x: usize, out: usize, mask: usize, rows: i32, columns: i32, k: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    const limit = thresholdKey<T>(x, columns, k);
    // Numbers above the limit are all among the k; of those at the limit only as many as are left.
    let left = k - (limit == (sizeof<T>() == 4 ? <i64>i32.MAX_VALUE : i64.MAX_VALUE) ? 0 : countFrom<T>(x, columns, limit + 1));
    for (let j = 0; j < columns; j++) {
      const at = <usize>j * sizeof<T>();
      const key = keyAt<T>(x + at);
      let chosen = key > limit;
      if (key == limit && left > 0) {
        chosen = true;
        left--;
      }
      store<T>(out + at, chosen ? load<T>(x + at) : <T>0);
      if (mask) store<T>(mask + at, chosen ? <T>1 : <T>0);
    }
    x += row;
    out += row;
    if (mask) mask += row;
  }
}
