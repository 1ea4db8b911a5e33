import { firstLanes, lanes, multiplyAdd, splatFrom, storePartial, sumLanes } from './vectors';

// Products with numbers that belong to a column, a row or everything.

/** out = factor x + offset. Whole vectors: the padding behind a tensor may be overwritten; out may be x. */
export function affine<T>(x: usize, out: usize, count: i32, factor: v128, offset: v128): void {
  for (let i: usize = 0, bytes = <usize>count * sizeof<T>(); i < bytes; i += 16) {
    v128.store(out + i, multiplyAdd<T>(factor, v128.load(x + i), offset));
  }
}

/** out[i, j] = x[i, j] factors[j] */
export function scaleColumns<T>(x: usize, factors: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      storePartial<T>(out + at, v128.mul<T>(v128.load(x + at), v128.load(factors + at)), columns - j);
    }
    x += row;
    out += row;
  }
}

/** out[i, j] = x[i, j] factors[i] */
export function scaleRows<T>(x: usize, factors: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    const factor = splatFrom<T>(factors);
    for (let j = 0; j < columns; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      storePartial<T>(out + at, v128.mul<T>(v128.load(x + at), factor), columns - j);
    }
    x += row;
    out += row;
    factors += sizeof<T>();
  }
}

/** Sum of a row as a double. */
@inline
export function rowSum<T>(x: usize, columns: i32): f64 {
  let s = v128.splat<T>(0);
  for (let j = 0; j < columns; j += lanes<T>()) {
    s = v128.add<T>(s, v128.and(v128.load(x + <usize>j * sizeof<T>()), firstLanes<T>(columns - j)));
  }
  return sumLanes<T>(s);
}

/** out[i] = sum_j x[i, j] */
export function sumColumns<T>(x: usize, out: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    store<T>(out, <T>rowSum<T>(x, columns));
    x += <usize>columns * sizeof<T>();
    out += sizeof<T>();
  }
}
