import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { BATCHED_GEMM } from '../kernels/opcodes.ts';
import { formatShape } from '../shapes.ts';
import type { MatmulOptions } from './matmul.ts';

/**
 * Products of matrices pair by pair: c[i] = a[i] b[i]; [b, m, k] x [b, k, n] -> [b, m, n].
 * At most one factor may be stored transposed ([b, k, m] or [b, n, k]). Gradients: da[i] = dc[i] b[i]^T, db[i] = a[i]^T dc[i].
 * @throws LotkaError if the numbers of matrices or the inner sizes differ, or both factors are transposed
 */
export function batchedMatmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  const given = `a is ${formatShape(a.shape)}, b is ${formatShape(b.shape)}`;
  if (transposeA && transposeB) throw new LotkaError('bad-input', 'batchedMatmul: transpose one factor only; a^T b^T is (b a)^T.');
  if (a.shape.length !== 3 || b.shape.length !== 3 || a.shape[0] !== b.shape[0])
    throw new LotkaError('bad-input', `batchedMatmul: both factors must be as many matrices, of shape [count, rows, columns] (${given}).`);
  const [count, rowsA, columnsA] = a.shape;
  const [, rowsB, columnsB] = b.shape;
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [inner, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  if (k !== inner) throw new LotkaError('bad-input', `batchedMatmul: the inner sizes ${k} and ${inner} differ (${given}).`);
  const panel = Math.ceil(n / 8) * 8;
  return a.graph.apply({
    name: 'batchedMatmul',
    inputs: [a, b],
    shape: [count, m, n],
    attributes: [transposeA, transposeB],
    rowwise: [0, 1],
    again: ([left, right]) => batchedMatmul(left, right, options),
    flops: 2 * count * m * n * k,
    linear: 'separately',
    gradient: (upstream, _result, [wantsA, wantsB]) => {
      const [ofA, ofB] = transposeA
        ? [() => batchedMatmul(b, upstream, { transposeB: true }), () => batchedMatmul(a, upstream)]
        : transposeB
          ? [() => batchedMatmul(upstream, b), () => batchedMatmul(upstream, a, { transposeA: true })]
          : [() => batchedMatmul(upstream, b, { transposeB: true }), () => batchedMatmul(a, upstream, { transposeA: true })];
      return [wantsA ? ofA() : undefined, wantsB ? ofB() : undefined];
    },
    evaluate: ([left, right], output) => {
      for (let i = 0; i < count; i++) {
        const [x, y] = [left.subarray(i * m * k, (i + 1) * m * k), right.subarray(i * k * n, (i + 1) * k * n)];
        for (let r = 0; r < m; r++) {
          for (let c = 0; c < n; c++) {
            let sum = 0;
            for (let l = 0; l < k; l++) sum += x[transposeA ? l * m + r : r * k + l] * y[transposeB ? c * k + l : l * n + c];
            output[(i * m + r) * n + c] = sum;
          }
        }
      }
    },
    scratch: transposeB ? k * panel : 0,
    lower: (target) =>
      target.call(
        BATCHED_GEMM,
        target.address(a),
        target.address(b),
        target.output,
        count,
        m,
        n,
        k,
        transposeA ? 1 : 0,
        transposeB ? 1 : 0,
        target.scratch,
        panel * target.width,
      ),
  });
}
