import { lanes, storePartial } from './vectors';

// Kernels that move or sum rows. Rows of `columns` numbers are contiguous unless a stride (bytes) is given.

/** `columns` numbers of each of `rows` rows, from one matrix into another. */
export function copyColumns<T>(from: usize, fromStride: usize, to: usize, toStride: usize, rows: i32, columns: i32): void {
  for (let i = 0; i < rows; i++) {
    copyRow<T>(from, to, columns);
    from += fromStride;
    to += toStride;
  }
}

@inline
function copyRow<T>(from: usize, to: usize, columns: i32): void {
  for (let j = 0; j < columns; j += lanes<T>()) {
    const at = <usize>j * sizeof<T>();
    storePartial<T>(to + at, v128.load(from + at), columns - j);
  }
}

/** out[i, :] = table[indices[i], :] */
export function gather<T>(table: usize, indices: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let i = 0; i < rows; i++) {
    copyRow<T>(table + <usize>load<i32>(indices + (<usize>i << 2)) * row, out, columns);
    out += row;
  }
}

/** out[i, :] = a[p[i], :] + b[q[i], :] (+ bias) */
export function addGathered<T>(a: usize, p: usize, b: usize, q: usize, bias: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  const whole = columns & -lanes<T>();
  for (let i = 0; i < rows; i++) {
    const left = a + <usize>load<i32>(p + (<usize>i << 2)) * row;
    const right = b + <usize>load<i32>(q + (<usize>i << 2)) * row;
    for (let j = 0; j < whole; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      let sum = v128.add<T>(v128.load(left + at), v128.load(right + at));
      if (bias) sum = v128.add<T>(sum, v128.load(bias + at));
      v128.store(out + at, sum);
    }
    if (whole < columns) {
      const at = <usize>whole * sizeof<T>();
      let sum = v128.add<T>(v128.load(left + at), v128.load(right + at));
      if (bias) sum = v128.add<T>(sum, v128.load(bias + at));
      storePartial<T>(out + at, sum, columns - whole);
    }
    out += row;
  }
}

/** out[r, :] = sum of x[positions[s], :] for s in starts[r] .. starts[r + 1] - 1, ascending. */
export function sumGathered<T>(x: usize, starts: usize, positions: usize, out: usize, limit: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let r = 0; r < limit; r++) {
    const begin = positions + (<usize>load<i32>(starts) << 2);
    starts += 4;
    const end = positions + (<usize>load<i32>(starts) << 2);
    let j = 0;
    for (; j + 3 * lanes<T>() < columns; j += 4 * lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0;
      for (let position = begin; position < end; position += 4) {
        const from = x + <usize>load<i32>(position) * row + at;
        s0 = v128.add<T>(s0, v128.load(from));
        s1 = v128.add<T>(s1, v128.load(from, 16));
        s2 = v128.add<T>(s2, v128.load(from, 32));
        s3 = v128.add<T>(s3, v128.load(from, 48));
      }
      v128.store(out + at, s0);
      v128.store(out + at, s1, 16);
      v128.store(out + at, s2, 32);
      storePartial<T>(out + at + 48, s3, columns - j - 3 * lanes<T>());
    }
    for (; j < columns; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      let s = v128.splat<T>(0);
      for (let position = begin; position < end; position += 4) {
        s = v128.add<T>(s, v128.load(x + <usize>load<i32>(position) * row + at));
      }
      storePartial<T>(out + at, s, columns - j);
    }
    out += row;
  }
}

/** Rows summed at a time by sumRows before their sum is added: keeps rounding errors of long sums small. */
const STRIP = 64;

/** out[j] = sum_i x[i, j] */
export function sumRows<T>(x: usize, out: usize, rows: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  for (let j = 0; j < columns; j += lanes<T>()) storePartial<T>(out + <usize>j * sizeof<T>(), v128.splat<T>(0), columns - j);
  for (let i = 0; i < rows; i += STRIP) {
    const strip = min(STRIP, rows - i);
    const first = x + <usize>i * row;
    let j = 0;
    for (; j + 3 * lanes<T>() < columns; j += 4 * lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      let s0 = v128.splat<T>(0), s1 = s0, s2 = s0, s3 = s0;
      let from = first + at;
      for (let r = 0; r < strip; r++) {
        s0 = v128.add<T>(s0, v128.load(from));
        s1 = v128.add<T>(s1, v128.load(from, 16));
        s2 = v128.add<T>(s2, v128.load(from, 32));
        s3 = v128.add<T>(s3, v128.load(from, 48));
        from += row;
      }
      const to = out + at;
      v128.store(to, v128.add<T>(v128.load(to), s0));
      v128.store(to, v128.add<T>(v128.load(to, 16), s1), 16);
      v128.store(to, v128.add<T>(v128.load(to, 32), s2), 32);
      storePartial<T>(to + 48, v128.add<T>(v128.load(to, 48), s3), columns - j - 3 * lanes<T>());
    }
    for (; j < columns; j += lanes<T>()) {
      const at = <usize>j * sizeof<T>();
      let s = v128.splat<T>(0);
      let from = first + at;
      for (let r = 0; r < strip; r++) {
        s = v128.add<T>(s, v128.load(from));
        from += row;
      }
      storePartial<T>(out + at, v128.add<T>(v128.load(out + at), s), columns - j);
    }
  }
}

/** to[j, i] = from[i, j] for a rows x columns matrix; rows of `to` are `stride` bytes apart. Vectors are turned in registers. */
export function transpose<T>(from: usize, to: usize, rows: i32, columns: i32, stride: usize): void {
  const row = <usize>columns * sizeof<T>();
  let i = 0;
  for (; i + lanes<T>() <= rows; i += lanes<T>()) {
    const top = from + <usize>i * row;
    const left = to + <usize>i * sizeof<T>();
    let j = 0;
    for (; j + lanes<T>() <= columns; j += lanes<T>()) {
      turnSquare<T>(top + <usize>j * sizeof<T>(), row, left + <usize>j * stride, stride);
    }
    for (; j < columns; j++) {
      for (let r = 0; r < lanes<T>(); r++) {
        store<T>(left + <usize>j * stride + <usize>r * sizeof<T>(), load<T>(top + <usize>r * row + <usize>j * sizeof<T>()));
      }
    }
  }
  for (; i < rows; i++) {
    for (let j = 0; j < columns; j++) {
      store<T>(to + <usize>j * stride + <usize>i * sizeof<T>(), load<T>(from + <usize>i * row + <usize>j * sizeof<T>()));
    }
  }
}

@inline
function turnSquare<T>(from: usize, row: usize, to: usize, stride: usize): void {
  if (sizeof<T>() == 4) {
    const r0 = v128.load(from);
    const r1 = v128.load(from + row);
    const r2 = v128.load(from + 2 * row);
    const r3 = v128.load(from + 3 * row);
    const t0 = v128.shuffle<i32>(r0, r1, 0, 4, 1, 5);
    const t1 = v128.shuffle<i32>(r2, r3, 0, 4, 1, 5);
    const t2 = v128.shuffle<i32>(r0, r1, 2, 6, 3, 7);
    const t3 = v128.shuffle<i32>(r2, r3, 2, 6, 3, 7);
    v128.store(to, v128.shuffle<i64>(t0, t1, 0, 2));
    v128.store(to + stride, v128.shuffle<i64>(t0, t1, 1, 3));
    v128.store(to + 2 * stride, v128.shuffle<i64>(t2, t3, 0, 2));
    v128.store(to + 3 * stride, v128.shuffle<i64>(t2, t3, 1, 3));
  } else {
    const r0 = v128.load(from);
    const r1 = v128.load(from + row);
    v128.store(to, v128.shuffle<i64>(r0, r1, 0, 2));
    v128.store(to + stride, v128.shuffle<i64>(r0, r1, 1, 3));
  }
}
