import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { COPY_COLUMNS, GEMM, TRANSPOSE } from '../kernels/opcodes.ts';
import type { Operation } from '../operation.ts';
import { formatShape, requireMatrix } from '../shapes.ts';

export interface MatmulOptions {
  /** The left factor is stored transposed: `a` is [k, m]. */
  readonly transposeA?: boolean;
  /** The right factor is stored transposed: `b` is [n, k]. */
  readonly transposeB?: boolean;
}

/**
 * Matrix product c[i, j] = sum_k a[i, k] b[k, j]: [m, k] x [k, n] -> [m, n].
 * At most one factor may be stored transposed. Gradients: da = dc b^T, db = a^T dc.
 * @throws LotkaError if the inner sizes differ, or both factors are transposed
 */
export function matmul(a: Tensor, b: Tensor, options: MatmulOptions = {}): Tensor {
  const { transposeA = false, transposeB = false } = options;
  if (transposeA && transposeB) throw new LotkaError('bad-input', 'matmul: transpose one factor only; a^T b^T is (b a)^T.');
  const [rowsA, columnsA] = requireMatrix('matmul', 'the left factor', a.shape);
  const [rowsB, columnsB] = requireMatrix('matmul', 'the right factor', b.shape);
  const [m, k] = transposeA ? [columnsA, rowsA] : [rowsA, columnsA];
  const [inner, n] = transposeB ? [columnsB, rowsB] : [rowsB, columnsB];
  if (k !== inner) {
    const form = `${transposeA ? 'a^T' : 'a'} ${transposeB ? 'b^T' : 'b'}`;
    throw new LotkaError(
      'bad-input',
      `matmul: in ${form} the inner sizes ${k} and ${inner} differ (a is ${formatShape(a.shape)}, b is ${formatShape(b.shape)}).`,
    );
  }
  return a.graph.apply(product(a, b, undefined, { m, n, k, transposeA, transposeB }));
}

interface Sizes {
  readonly m: number;
  readonly n: number;
  readonly k: number;
  readonly transposeA: boolean;
  readonly transposeB: boolean;
}

function product(a: Tensor, b: Tensor, bias: Tensor | undefined, sizes: Sizes): Operation {
  const { m, n, k, transposeA, transposeB } = sizes;
  const panel = panelStride(n);
  const moved = transposeB || isCrowded(m, n);
  return {
    name: 'matmul',
    inputs: bias ? [a, b, bias] : [a, b],
    shape: [m, n],
    attributes: [transposeA, transposeB],
    rowwise: transposeA ? [] : [0],
    again: ([left, right]) => matmul(left, right, { transposeA, transposeB }),
    flops: 2 * m * n * k + (bias ? m * n : 0),
    linear: 'separately',
    gradient: (upstream, _result, [wantsA, wantsB]) => {
      if (transposeA) {
        return [wantsA ? matmul(b, upstream, { transposeB: true }) : undefined, wantsB ? matmul(a, upstream) : undefined];
      }
      if (transposeB) {
        return [wantsA ? matmul(upstream, b) : undefined, wantsB ? matmul(upstream, a, { transposeA: true }) : undefined];
      }
      return [
        wantsA ? matmul(upstream, b, { transposeB: true }) : undefined,
        wantsB ? matmul(a, upstream, { transposeA: true }) : undefined,
      ];
    },
    rowGradient: (upstream, input) => {
      if (input !== 1 || transposeA) return undefined;
      return transposeB ? { left: upstream, right: a } : { left: a, right: upstream };
    },
    evaluate: ([left, right, row], output) => {
      for (let i = 0; i < m; i++) {
        for (let j = 0; j < n; j++) {
          let sum = 0;
          for (let l = 0; l < k; l++) sum += left[transposeA ? l * m + i : i * k + l] * right[transposeB ? j * k + l : l * n + j];
          output[i * n + j] = row ? sum + row[j] : sum;
        }
      }
    },
    // The kernel wants rows of `b` contiguous, and not at distances that crowd the cache: others are first brought to scratch memory.
    scratch: moved ? k * panel : 0,
    lower: (target) => {
      const { width } = target;
      if (transposeB) target.call(TRANSPOSE, target.address(b), target.scratch, n, k, panel * width);
      else if (moved) target.call(COPY_COLUMNS, target.address(b), n * width, target.scratch, panel * width, k, n);
      target.call(
        GEMM,
        target.address(a),
        (transposeA ? 1 : k) * width,
        (transposeA ? m : 1) * width,
        moved ? target.scratch : target.address(b),
        (moved ? panel : n) * width,
        target.output,
        n * width,
        m,
        n,
        k,
        bias ? target.address(bias) : 0,
      );
    },
    withBias: bias ? undefined : (row) => product(a, b, row, sizes),
  };
}

/**
 * Whether rows of the right factor lie at multiples of 1024 or 2048 bytes, where a strip of columns finds room in few cache sets and
 * address-translation entries (512 x 512 in f64 took half as long again), and the product is high enough to make up for a copy.
 */
function isCrowded(m: number, n: number): boolean {
  return n % 256 === 0 && m >= 32;
}

/** Row length of the factor in scratch memory: whole vectors, and never a multiple of 256 bytes, which would crowd few cache sets. */
function panelStride(columns: number): number {
  const stride = Math.ceil(columns / 8) * 8;
  return stride % 32 === 0 ? stride + 8 : stride;
}
