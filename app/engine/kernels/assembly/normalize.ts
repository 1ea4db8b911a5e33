import { rowSum } from './broadcast';
import { exponential } from './exponential';
import { largest, storeInRow } from './reductions';
import { constant, firstLanes, lanes, multiplyAdd, splatFrom, storePartial, sumLanes } from './vectors';

// Rows brought to a common scale, and the products with their Jacobians. Sums run over a row in a fixed order.

/**
 * out[i, :] = softmax of x[i, :]. With `cycle` above 0 row i sees its first i % cycle + 1 columns only, and the others become 0.
 * Rows of `out` are written in ascending order as whole vectors that may run into the rows to come.
 */
export function softmax<T>(x: usize, out: usize, rows: i32, columns: i32, cycle: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    const after = (rows - 1 - i) * columns;
    const seen = cycle > 0 ? (i % cycle) + 1 : columns;
    const shift = v128.splat<T>(largest<T>(x, seen));
    let masses = v128.splat<T>(0);
    let j = 0;
    for (; j < seen; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      const mass = v128.and(exponential<T>(v128.sub<T>(v128.load(x + at), shift)), firstLanes<T>(seen - j));
      masses = v128.add<T>(masses, mass);
      storeInRow<T>(out + at, mass, columns - j, after);
    }
    const seenVectors = j;
    for (; j < columns; j += lanes<T>()) storeInRow<T>(out + <usize>j * sizeof<T>(), v128.splat<T>(0), columns - j, after);
    const factor = constant<T>(1.0 / sumLanes<T>(masses));
    for (j = 0; j < seenVectors; j += lanes<T>()) {
      const at = out + <usize>j * sizeof<T>();
      storeInRow<T>(at, v128.mul<T>(factor, v128.load(at)), columns - j, after);
    }
    x += row;
    out += row;
  }
}

/** Sum of x * y over a row as a double. */
@inline
function rowProduct<T>(x: usize, y: usize, columns: i32): f64 {
  let s = v128.splat<T>(0);
  for (let j = 0; j < columns; j += lanes<T>()) {
    const at = <usize>j * sizeof<T>();
    s = v128.add<T>(s, v128.and(v128.mul<T>(v128.load(x + at), v128.load(y + at)), firstLanes<T>(columns - j)));
  }
  return sumLanes<T>(s);
}

/** out[i, :] = p (u - sum p u) for p = softmax: the softmax's Jacobian, which is symmetric, times u. */
export function softmaxGradient<T>(p: usize, u: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    const mean = constant<T>(rowProduct<T>(p, u, columns));
    for (let j = 0; j < columns; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      storePartial<T>(out + at, v128.mul<T>(v128.load(p + at), v128.sub<T>(v128.load(u + at), mean)), columns - j);
    }
    p += row;
    u += row;
    out += row;
  }
}

/** out[i, :] = (x[i, :] - mean) r with r = 1 / sqrt(variance + epsilon); unless `inverse` is 0, inverse[i] = r. */
export function normalizeRows<T>(x: usize, out: usize, inverse: usize, rows: i32, columns: i32, epsilon: f64): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    const mean = constant<T>(rowSum<T>(x, columns) / <f64>columns);
    let squares = v128.splat<T>(0);
    for (let j = 0; j < columns; j += lanes<T>()) {
      const distance = v128.and(v128.sub<T>(v128.load(x + <usize>j * sizeof<T>()), mean), firstLanes<T>(columns - j));
      squares = multiplyAdd<T>(distance, distance, squares);
    }
    const r = <T>(1.0 / Math.sqrt(sumLanes<T>(squares) / <f64>columns + epsilon));
    const factor = v128.splat<T>(r);
    for (let j = 0; j < columns; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      storePartial<T>(out + at, v128.mul<T>(v128.sub<T>(v128.load(x + at), mean), factor), columns - j);
    }
    if (inverse) store<T>(inverse + <usize>i * sizeof<T>(), r);
    x += row;
    out += row;
  }
}

/** out[i, :] = r[i] (u - mean u - y mean(u y)) for y = normalizeRows(x): its Jacobian, which is symmetric, times u. */
export function normalizeGradient<T>(y: usize, inverse: usize, u: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    const mean = constant<T>(rowSum<T>(u, columns) / <f64>columns);
    const along = constant<T>(-rowProduct<T>(u, y, columns) / <f64>columns);
    const r = splatFrom<T>(inverse);
    for (let j = 0; j < columns; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      const rest = multiplyAdd<T>(v128.load(y + at), along, v128.sub<T>(v128.load(u + at), mean));
      storePartial<T>(out + at, v128.mul<T>(r, rest), columns - j);
    }
    inverse += sizeof<T>();
    y += row;
    u += row;
    out += row;
  }
}
