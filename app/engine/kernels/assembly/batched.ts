import { gemm } from './gemm';
import { transpose } from './rows';

/**
 * c[i] = a[i] b[i] for `count` matrices of m x k and k x n, one after the other. With `turnA` the a[i] are stored as k x m, with
 * `turnB` the b[i] as n x k; the latter are turned in scratch memory with rows of `panel` bytes.
 */
export function batchedGemm<T>(
  a: usize, b: usize, c: usize, count: i32, m: i32, n: i32, k: i32, turnA: bool, turnB: bool, scratch: usize, panel: usize,
): void {
  const width = <usize>sizeof<T>();
  const rowA = turnA ? width : <usize>k * width;
  const columnA = turnA ? <usize>m * width : width;
  for (let i = 0; i < count; i++) {
    if (turnB) transpose<T>(b, scratch, n, k, panel);
    gemm<T>(a, rowA, columnA, turnB ? scratch : b, turnB ? panel : <usize>n * width, c, <usize>n * width, m, n, k, 0);
    a += <usize>(m * k) * width;
    b += <usize>(k * n) * width;
    c += <usize>(m * n) * width;
  }
}
