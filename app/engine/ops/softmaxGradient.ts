import type { Tensor } from '../graph.ts';
import { SOFTMAX_GRADIENT } from '../kernels/opcodes.ts';
import { requireSameShape } from '../shapes.ts';
import { add } from './add.ts';
import { multiply } from './multiply.ts';
import { reshape } from './reshape.ts';
import { scaleRows } from './scaleRows.ts';
import { subtract } from './subtract.ts';
import { sumColumns } from './sumColumns.ts';

/**
 * The Jacobian of softmax, which is symmetric, times u: y_j = p_j (u_j - sum_l p_l u_l) over the last axis, p = softmax(x).
 * The gradient of `softmax`; it has no gradient of its own.
 * @throws LotkaError unless both shapes are equal
 */
export function softmaxGradient(p: Tensor, u: Tensor): Tensor {
  requireSameShape('softmaxGradient', p.shape, u.shape);
  const columns = p.shape[p.shape.length - 1];
  const rows = p.size / columns;
  const matrix = (tensor: Tensor): Tensor => reshape(tensor, [rows, columns]);
  return p.graph.apply({
    name: 'softmaxGradient',
    inputs: [p, u],
    shape: p.shape,
    attributes: [],
    rowwise: p.shape.length > 1 ? [0, 1] : [],
    again: ([weights, upstream]) => softmaxGradient(weights, upstream),
    flops: 4 * p.size,
    tangent: ([dp, du]) => {
      const along = du && softmaxGradient(p, du);
      if (!dp) return along;
      // p -> dp in p (u - sum p u): dp (u - sum p u) - p sum dp u.
      const [weights, turned, upstream] = [p, dp, u].map(matrix);
      const mean = (of: Tensor): Tensor => sumColumns(multiply(of, upstream));
      const first = subtract(multiply(turned, upstream), scaleRows(turned, mean(weights)));
      const across = reshape(subtract(first, scaleRows(weights, mean(turned))), p.shape);
      return along ? add(across, along) : across;
    },
    evaluate: ([weights, upstream], output) => {
      for (let i = 0; i < output.length; i += columns) {
        let mean = 0;
        for (let j = i; j < i + columns; j++) mean += weights[j] * upstream[j];
        for (let j = i; j < i + columns; j++) output[j] = weights[j] * (upstream[j] - mean);
      }
    },
    lower: (target) => target.call(SOFTMAX_GRADIENT, target.address(p), target.address(u), target.output, rows, columns),
  });
}
