import { copyColumns } from './rows';

// Kernels that put numbers elsewhere.

/** A matrix of `columns` columns that holds the `count` columns of x from column `start` on and zeros elsewhere. */
export function padColumns<T>(x: usize, out: usize, rows: i32, count: i32, start: i32, columns: i32): void {
  const row = <usize>columns * sizeof<T>();
  memory.fill(out, 0, <usize>rows * row);
  copyColumns<T>(x, <usize>count * sizeof<T>(), out + <usize>start * sizeof<T>(), row, rows, count);
}

/** out[i, :] = x */
export function repeatRow<T>(x: usize, out: usize, rows: i32, columns: i32): void {
  copyColumns<T>(x, 0, out, <usize>columns * sizeof<T>(), rows, columns);
}

/** out[i, k, j, :] = x[i, j, k, :] for x of sizes [outer, first, second, inner]. */
export function swapMiddle<T>(x: usize, out: usize, outer: i32, first: i32, second: i32, inner: i32): void {
  const row = <usize>inner * sizeof<T>();
  for (let i = 0; i < outer; i++) {
    for (let k = 0; k < second; k++) {
      copyColumns<T>(x + <usize>k * row, <usize>second * row, out, row, first, inner);
      out += <usize>first * row;
    }
    x += <usize>(first * second) * row;
  }
}
