import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { batchedMatmul } from '../ops/batchedMatmul.ts';
import { reshape } from '../ops/reshape.ts';
import { scale } from '../ops/scale.ts';
import { softmax } from '../ops/softmax.ts';
import { swapMiddle } from '../ops/swapMiddle.ts';
import { formatShape, requireMatrix, requireSameShape } from '../shapes.ts';

export interface AttentionOptions {
  /** Positions of a sequence; rows of the matrices are sequence after sequence, position after position. */
  readonly length: number;
  readonly heads: number;
  /** Position t attends to positions 1..t only. */
  readonly causal?: boolean;
}

/**
 * Scaled dot-product attention with several heads (Vaswani et al. 2017): softmax(q k^T / sqrt(width of a head)) v for each sequence and
 * head. Heads share the columns evenly: head h has columns h w .. (h + 1) w - 1. q, k, v and the result are [sequences * length, width].
 * @throws LotkaError unless the three shapes are equal, rows are whole sequences, and the heads share the columns evenly
 */
export function attention(q: Tensor, k: Tensor, v: Tensor, options: AttentionOptions): Tensor {
  const { length, heads, causal = false } = options;
  const [rows, width] = requireMatrix('attention', 'the query', q.shape);
  requireSameShape('attention', q.shape, k.shape);
  requireSameShape('attention', q.shape, v.shape);
  if (!Number.isInteger(length) || length < 1 || rows % length !== 0)
    throw new LotkaError('bad-input', `attention: ${rows} rows are not whole sequences of ${length} positions.`);
  if (!Number.isInteger(heads) || heads < 1 || width % heads !== 0)
    throw new LotkaError('bad-input', `attention: ${heads} heads cannot share the columns of shape ${formatShape(q.shape)} evenly.`);
  const count = rows / length;
  const part = width / heads;
  const split = (x: Tensor): Tensor => reshape(swapMiddle(reshape(x, [count, length, heads, part])), [count * heads, length, part]);
  const scores = batchedMatmul(scale(split(q), 1 / Math.sqrt(part)), split(k), { transposeB: true });
  const mixed = batchedMatmul(softmax(scores, { causal }), split(v));
  return reshape(swapMiddle(reshape(mixed, [count, heads, length, part])), [rows, width]);
}
