import { lanes, multiplyAdd, splatFrom, storePartial } from './vectors';

// The product is computed in blocks that stay in the first-level cache and, within them, in register tiles of 4 rows by 2 vectors,
// the largest that leaves no register spilled in V8's x64 code. Every element is summed over k in ascending order within a block of
// DEPTH terms, and blocks are added in ascending order, so the result depends on nothing but the numbers and sizes.
// Addresses and strides are in bytes; `rowA` is the distance of two rows of a, `columnA` of two columns.

const DEPTH = 128;
const BLOCK_BYTES: usize = 16384;

/**
 * c = a b (+ bias on every row). a is m x k with any strides; rows of b and c are contiguous.
 * Columns past n in the last vector are computed from whatever lies there and not stored.
 */
export function gemm<T>(
  a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, c: usize, rowC: usize, m: i32, n: i32, k: i32, bias: usize,
): void {
  for (let l = 0; l < k; l += DEPTH) {
    const depth = min(DEPTH, k - l);
    const height = max(4, <i32>(BLOCK_BYTES / (<usize>depth * sizeof<T>())) & ~3);
    for (let i = 0; i < m; i += height) {
      block<T>(
        a + <usize>l * columnA + <usize>i * rowA, rowA, columnA, b + <usize>l * rowB, rowB, c + <usize>i * rowC, rowC,
        min(height, m - i), n, depth, l > 0, l > 0 ? 0 : bias,
      );
    }
  }
}

function block<T>(
  a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, c: usize, rowC: usize, m: i32, n: i32, k: i32,
  accumulate: bool, bias: usize,
): void {
  for (let j = 0; j < n; j += 2 * lanes<T>()) {
    const shift = <usize>j * sizeof<T>();
    const columns = min(2 * lanes<T>(), n - j);
    const start = bias ? bias + shift : 0;
    for (let i = 0; i < m; i += 4) {
      const tileA = a + <usize>i * rowA;
      const tileC = c + <usize>i * rowC + shift;
      if (columns > lanes<T>()) tile2<T>(tileA, rowA, columnA, b + shift, rowB, tileC, rowC, m - i, columns, k, accumulate, start);
      else tile1<T>(tileA, rowA, columnA, b + shift, rowB, tileC, rowC, m - i, columns, k, accumulate, start);
    }
  }
}

/** 4 rows by 2 vectors. With fewer rows left the last is computed again in the place of the missing ones: same numbers, same address. */
function tile2<T>(
  a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, c: usize, rowC: usize, rows: i32, columns: i32, k: i32,
  accumulate: bool, bias: usize,
): void {
  let a0 = a;
  let a1 = a + (rows > 1 ? rowA : 0);
  let a2 = rows > 2 ? a + 2 * rowA : a1;
  let a3 = rows > 3 ? a + 3 * rowA : a2;
  let c00 = v128.splat<T>(0), c01 = c00;
  let c10 = c00, c11 = c00;
  let c20 = c00, c21 = c00;
  let c30 = c00, c31 = c00;
  for (let l = 0; l < k; l++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = splatFrom<T>(a0);
    c00 = multiplyAdd<T>(x, b0, c00);
    c01 = multiplyAdd<T>(x, b1, c01);
    x = splatFrom<T>(a1);
    c10 = multiplyAdd<T>(x, b0, c10);
    c11 = multiplyAdd<T>(x, b1, c11);
    x = splatFrom<T>(a2);
    c20 = multiplyAdd<T>(x, b0, c20);
    c21 = multiplyAdd<T>(x, b1, c21);
    x = splatFrom<T>(a3);
    c30 = multiplyAdd<T>(x, b0, c30);
    c31 = multiplyAdd<T>(x, b1, c31);
    a0 += columnA;
    a1 += columnA;
    a2 += columnA;
    a3 += columnA;
    b += rowB;
  }
  const d1 = c + (rows > 1 ? rowC : 0);
  const d2 = rows > 2 ? c + 2 * rowC : d1;
  const d3 = rows > 3 ? c + 3 * rowC : d2;
  // All loads come before all stores, since rows may coincide.
  if (accumulate) {
    c00 = v128.add<T>(v128.load(c), c00);
    c01 = v128.add<T>(v128.load(c, 16), c01);
    c10 = v128.add<T>(v128.load(d1), c10);
    c11 = v128.add<T>(v128.load(d1, 16), c11);
    c20 = v128.add<T>(v128.load(d2), c20);
    c21 = v128.add<T>(v128.load(d2, 16), c21);
    c30 = v128.add<T>(v128.load(d3), c30);
    c31 = v128.add<T>(v128.load(d3, 16), c31);
  } else if (bias) {
    const s0 = v128.load(bias);
    const s1 = v128.load(bias, 16);
    c00 = v128.add<T>(c00, s0);
    c01 = v128.add<T>(c01, s1);
    c10 = v128.add<T>(c10, s0);
    c11 = v128.add<T>(c11, s1);
    c20 = v128.add<T>(c20, s0);
    c21 = v128.add<T>(c21, s1);
    c30 = v128.add<T>(c30, s0);
    c31 = v128.add<T>(c31, s1);
  }
  v128.store(c, c00);
  v128.store(d1, c10);
  v128.store(d2, c20);
  v128.store(d3, c30);
  const rest = columns - lanes<T>();
  storePartial<T>(c + 16, c01, rest);
  storePartial<T>(d1 + 16, c11, rest);
  storePartial<T>(d2 + 16, c21, rest);
  storePartial<T>(d3 + 16, c31, rest);
}

/** 4 rows by 1 vector, for the last columns. */
function tile1<T>(
  a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, c: usize, rowC: usize, rows: i32, columns: i32, k: i32,
  accumulate: bool, bias: usize,
): void {
  let a0 = a;
  let a1 = a + (rows > 1 ? rowA : 0);
  let a2 = rows > 2 ? a + 2 * rowA : a1;
  let a3 = rows > 3 ? a + 3 * rowA : a2;
  let c0 = v128.splat<T>(0), c1 = c0, c2 = c0, c3 = c0;
  for (let l = 0; l < k; l++) {
    const b0 = v128.load(b);
    c0 = multiplyAdd<T>(splatFrom<T>(a0), b0, c0);
    c1 = multiplyAdd<T>(splatFrom<T>(a1), b0, c1);
    c2 = multiplyAdd<T>(splatFrom<T>(a2), b0, c2);
    c3 = multiplyAdd<T>(splatFrom<T>(a3), b0, c3);
    a0 += columnA;
    a1 += columnA;
    a2 += columnA;
    a3 += columnA;
    b += rowB;
  }
  const d1 = c + (rows > 1 ? rowC : 0);
  const d2 = rows > 2 ? c + 2 * rowC : d1;
  const d3 = rows > 3 ? c + 3 * rowC : d2;
  if (accumulate) {
    c0 = v128.add<T>(v128.load(c), c0);
    c1 = v128.add<T>(v128.load(d1), c1);
    c2 = v128.add<T>(v128.load(d2), c2);
    c3 = v128.add<T>(v128.load(d3), c3);
  } else if (bias) {
    const s = v128.load(bias);
    c0 = v128.add<T>(c0, s);
    c1 = v128.add<T>(c1, s);
    c2 = v128.add<T>(c2, s);
    c3 = v128.add<T>(c3, s);
  }
  storePartial<T>(c, c0, columns);
  storePartial<T>(d1, c1, columns);
  storePartial<T>(d2, c2, columns);
  storePartial<T>(d3, c3, columns);
}
