import { lanes, multiplyAdd, storePartial } from './vectors';

// The product is computed in blocks that stay in the first-level cache and, within them, in register tiles of ROWS rows by 2 vectors.
// Sums of 10 or 12 vectors hide the latency of multiply-add on two pipes; with 2 vectors of b and 1 of a (and, unless multiply-add is
// fused, 1 product) they just fit V8's 15 vector registers, if the loop is followed by nothing but stores: any arithmetic there makes
// V8 spill them inside the loop. As many row pointers would not fit its general registers, so a tile finds its numbers of a side by
// side: in a panel packed beforehand, or in a itself where columns are contiguous.
// Every element is summed over k in ascending order within a block of DEPTH terms, and blocks are added in ascending order, so the
// result depends on nothing but the numbers and sizes. Addresses and strides are in bytes.

const DEPTH = 128;
const ROWS: i32 = ASC_FEATURE_RELAXED_SIMD ? 6 : 5;
/** Room for a packed block of a, which with a strip of b fits the first-level cache. */
const PANEL_BYTES: i32 = 18432;
const PANEL: usize = memory.data(18432, 64);

/**
 * c = a b (+ bias on every row). Rows of b and c are contiguous. Of a, m x k, either rows are (`columnA` is the size of a number) or
 * columns (`rowA` is). Columns past n in the last vector are computed from whatever lies there and not stored.
 */
export function gemm<T>(
  a: usize, rowA: usize, columnA: usize, b: usize, rowB: usize, c: usize, rowC: usize, m: i32, n: i32, k: i32, bias: usize,
): void {
  for (let l = 0; l < k; l += DEPTH) {
    const depth = min(DEPTH, k - l);
    const height = PANEL_BYTES / (depth * sizeof<T>()) / ROWS * ROWS;
    for (let i = 0; i < m; i += height) {
      const rows = min(height, m - i);
      let panel = a + <usize>l * columnA + <usize>i * rowA;
      let step = columnA;
      let turn: usize = ROWS * sizeof<T>();
      if (rowA != sizeof<T>()) {
        pack<T>(panel, rowA, rows, depth);
        panel = PANEL;
        step = turn;
        turn = <usize>depth * step;
      }
      const start = l > 0 ? c + <usize>i * rowC : bias;
      const rowStart = l > 0 ? rowC : 0;
      block<T>(
        panel, step, turn, b + <usize>l * rowB, rowB, c + <usize>i * rowC, rowC, rows, n, depth, start, rowStart,
      );
    }
  }
}

/** Copies rows of a to PANEL so that the numbers of ROWS rows in one column lie side by side; missing rows repeat the last. */
function pack<T>(a: usize, rowA: usize, rows: i32, k: i32): void {
  let to = PANEL;
  for (let i = 0; i < rows; i += ROWS) {
    const left = rows - i;
    let r0 = a + <usize>i * rowA;
    let r1 = left > 1 ? r0 + rowA : r0;
    let r2 = left > 2 ? r1 + rowA : r1;
    let r3 = left > 3 ? r2 + rowA : r2;
    let r4 = left > 4 ? r3 + rowA : r3;
    let r5 = left > 5 ? r4 + rowA : r4;
    const whole = k & -lanes<T>();
    for (let l = 0; l < whole; l += lanes<T>()) {
      if (sizeof<T>() == 4) turn4(to, r0, r1, r2, r3, r4, r5);
      else turn2(to, r0, r1, r2, r3, r4, r5);
      r0 += 16; r1 += 16; r2 += 16; r3 += 16; r4 += 16; r5 += 16;
      to += 16 * ROWS;
    }
    for (let l = whole; l < k; l++) {
      store<T>(to, load<T>(r0));
      store<T>(to, load<T>(r1), sizeof<T>());
      store<T>(to, load<T>(r2), 2 * sizeof<T>());
      store<T>(to, load<T>(r3), 3 * sizeof<T>());
      store<T>(to, load<T>(r4), 4 * sizeof<T>());
      if (ROWS == 6) store<T>(to, load<T>(r5), 5 * sizeof<T>());
      r0 += sizeof<T>(); r1 += sizeof<T>(); r2 += sizeof<T>(); r3 += sizeof<T>(); r4 += sizeof<T>(); r5 += sizeof<T>();
      to += ROWS * sizeof<T>();
    }
  }
}

/** Four columns of ROWS rows of f32. */
@inline
function turn4(to: usize, r0: usize, r1: usize, r2: usize, r3: usize, r4: usize, r5: usize): void {
  const x0 = v128.load(r0), x1 = v128.load(r1), x2 = v128.load(r2), x3 = v128.load(r3), x4 = v128.load(r4);
  const t0 = v128.shuffle<i32>(x0, x1, 0, 4, 1, 5);
  const t1 = v128.shuffle<i32>(x2, x3, 0, 4, 1, 5);
  const t2 = v128.shuffle<i32>(x0, x1, 2, 6, 3, 7);
  const t3 = v128.shuffle<i32>(x2, x3, 2, 6, 3, 7);
  v128.store(to, v128.shuffle<i64>(t0, t1, 0, 2));
  v128.store(to, v128.shuffle<i64>(t0, t1, 1, 3), 4 * ROWS);
  v128.store(to, v128.shuffle<i64>(t2, t3, 0, 2), 8 * ROWS);
  v128.store(to, v128.shuffle<i64>(t2, t3, 1, 3), 12 * ROWS);
  if (ROWS == 6) {
    const x5 = v128.load(r5);
    const low = v128.shuffle<i32>(x4, x5, 0, 4, 1, 5);
    const high = v128.shuffle<i32>(x4, x5, 2, 6, 3, 7);
    v128.store64_lane(to, low, 0, 16);
    v128.store64_lane(to, low, 1, 40);
    v128.store64_lane(to, high, 0, 64);
    v128.store64_lane(to, high, 1, 88);
  } else {
    v128.store32_lane(to, x4, 0, 16);
    v128.store32_lane(to, x4, 1, 36);
    v128.store32_lane(to, x4, 2, 56);
    v128.store32_lane(to, x4, 3, 76);
  }
}

/** Two columns of ROWS rows of f64. */
@inline
function turn2(to: usize, r0: usize, r1: usize, r2: usize, r3: usize, r4: usize, r5: usize): void {
  const x0 = v128.load(r0), x1 = v128.load(r1), x2 = v128.load(r2), x3 = v128.load(r3), x4 = v128.load(r4);
  v128.store(to, v128.shuffle<i64>(x0, x1, 0, 2));
  v128.store(to, v128.shuffle<i64>(x2, x3, 0, 2), 16);
  v128.store(to, v128.shuffle<i64>(x0, x1, 1, 3), 8 * ROWS);
  v128.store(to, v128.shuffle<i64>(x2, x3, 1, 3), 8 * ROWS + 16);
  if (ROWS == 6) {
    const x5 = v128.load(r5);
    v128.store(to, v128.shuffle<i64>(x4, x5, 0, 2), 32);
    v128.store(to, v128.shuffle<i64>(x4, x5, 1, 3), 80);
  } else {
    v128.store64_lane(to, x4, 0, 32);
    v128.store64_lane(to, x4, 1, 72);
  }
}

/** Where a tile is computed that reaches past the edges of c or has something to be added. */
const PATCH: usize = memory.data(192, 64);

/** c = start + a b for a in panels: `start` is c itself, a row vector (`rowStart` 0), or absent (0). */
function block<T>(
  a: usize, stepA: usize, turnA: usize, b: usize, rowB: usize, c: usize, rowC: usize, m: i32, n: i32, k: i32,
  start: usize, rowStart: usize,
): void {
  for (let j = 0; j < n; j += 2 * lanes<T>()) {
    let tileA = a;
    let tileC = c;
    let tileStart = start;
    const columns = n - j;
    for (let i = 0; i < m; i += ROWS) {
      const rows = m - i;
      if (rows >= ROWS && columns >= 2 * lanes<T>() && !start) {
        tile2<T>(tileA, stepA, b, rowB, tileC, rowC, k);
      } else {
        if (columns > lanes<T>()) tile2<T>(tileA, stepA, b, rowB, PATCH, 32, k);
        else tile1<T>(tileA, stepA, b, rowB, PATCH, 32, k);
        finish<T>(tileC, rowC, min(rows, ROWS), columns, tileStart, rowStart);
        tileStart += <usize>ROWS * rowStart;
      }
      tileA += turnA;
      tileC += <usize>ROWS * rowC;
    }
    b += 32;
    c += 32;
    if (start) start += 32;
  }
}

/** c = start + PATCH, as far as c goes. */
function finish<T>(c: usize, rowC: usize, rows: i32, columns: i32, start: usize, rowStart: usize): void {
  for (let from = PATCH, end = PATCH + 32 * rows; from < end; from += 32) {
    let s0 = v128.load(from);
    let s1 = v128.load(from, 16);
    if (start) {
      s0 = v128.add<T>(v128.load(start), s0);
      s1 = v128.add<T>(v128.load(start, 16), s1);
      start += rowStart;
    }
    storePartial<T>(c, s0, columns);
    if (columns > lanes<T>()) storePartial<T>(c + 16, s1, columns - lanes<T>());
    c += rowC;
  }
}

// Vectors of the ROWS numbers side by side. The distance is part of the load, which the compiler wants as a constant in the code.

@inline
function entry0<T>(a: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(a, 0) : v128.load64_splat(a, 0);
}

@inline
function entry1<T>(a: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(a, 4) : v128.load64_splat(a, 8);
}

@inline
function entry2<T>(a: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(a, 8) : v128.load64_splat(a, 16);
}

@inline
function entry3<T>(a: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(a, 12) : v128.load64_splat(a, 24);
}

@inline
function entry4<T>(a: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(a, 16) : v128.load64_splat(a, 32);
}

@inline
function entry5<T>(a: usize): v128 {
  return sizeof<T>() == 4 ? v128.load32_splat(a, 20) : v128.load64_splat(a, 40);
}

/** ROWS rows by 2 vectors: c = a b. */
function tile2<T>(a: usize, stepA: usize, b: usize, rowB: usize, c: usize, rowC: usize, k: i32): void {
  let c00 = v128.splat<T>(0), c01 = c00;
  let c10 = v128.splat<T>(0), c11 = c10;
  let c20 = v128.splat<T>(0), c21 = c20;
  let c30 = v128.splat<T>(0), c31 = c30;
  let c40 = v128.splat<T>(0), c41 = c40;
  let c50 = v128.splat<T>(0), c51 = c50;
  for (let l = 0; l < k; l++) {
    const b0 = v128.load(b);
    const b1 = v128.load(b, 16);
    let x = entry0<T>(a);
    c00 = multiplyAdd<T>(x, b0, c00);
    c01 = multiplyAdd<T>(x, b1, c01);
    x = entry1<T>(a);
    c10 = multiplyAdd<T>(x, b0, c10);
    c11 = multiplyAdd<T>(x, b1, c11);
    x = entry2<T>(a);
    c20 = multiplyAdd<T>(x, b0, c20);
    c21 = multiplyAdd<T>(x, b1, c21);
    x = entry3<T>(a);
    c30 = multiplyAdd<T>(x, b0, c30);
    c31 = multiplyAdd<T>(x, b1, c31);
    x = entry4<T>(a);
    c40 = multiplyAdd<T>(x, b0, c40);
    c41 = multiplyAdd<T>(x, b1, c41);
    if (ROWS == 6) {
      x = entry5<T>(a);
      c50 = multiplyAdd<T>(x, b0, c50);
      c51 = multiplyAdd<T>(x, b1, c51);
    }
    a += stepA;
    b += rowB;
  }
  v128.store(c, c00);
  v128.store(c, c01, 16);
  c += rowC;
  v128.store(c, c10);
  v128.store(c, c11, 16);
  c += rowC;
  v128.store(c, c20);
  v128.store(c, c21, 16);
  c += rowC;
  v128.store(c, c30);
  v128.store(c, c31, 16);
  c += rowC;
  v128.store(c, c40);
  v128.store(c, c41, 16);
  if (ROWS == 6) {
    c += rowC;
    v128.store(c, c50);
    v128.store(c, c51, 16);
  }
}

/** ROWS rows by 1 vector: c = a b. For the last columns. */
function tile1<T>(a: usize, stepA: usize, b: usize, rowB: usize, c: usize, rowC: usize, k: i32): void {
  let c0 = v128.splat<T>(0);
  let c1 = v128.splat<T>(0);
  let c2 = v128.splat<T>(0);
  let c3 = v128.splat<T>(0);
  let c4 = v128.splat<T>(0);
  let c5 = v128.splat<T>(0);
  for (let l = 0; l < k; l++) {
    const b0 = v128.load(b);
    c0 = multiplyAdd<T>(entry0<T>(a), b0, c0);
    c1 = multiplyAdd<T>(entry1<T>(a), b0, c1);
    c2 = multiplyAdd<T>(entry2<T>(a), b0, c2);
    c3 = multiplyAdd<T>(entry3<T>(a), b0, c3);
    c4 = multiplyAdd<T>(entry4<T>(a), b0, c4);
    if (ROWS == 6) {
      c5 = multiplyAdd<T>(entry5<T>(a), b0, c5);
    }
    a += stepA;
    b += rowB;
  }
  v128.store(c, c0);
  c += rowC;
  v128.store(c, c1);
  c += rowC;
  v128.store(c, c2);
  c += rowC;
  v128.store(c, c3);
  c += rowC;
  v128.store(c, c4);
  if (ROWS == 6) {
    c += rowC;
    v128.store(c, c5);
  }
}
