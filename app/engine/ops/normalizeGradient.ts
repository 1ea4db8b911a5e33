import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { NORMALIZE_GRADIENT } from '../kernels/opcodes.ts';
import { formatShape, requireMatrix, requireSameShape } from '../shapes.ts';
import { add } from './add.ts';
import { multiply } from './multiply.ts';
import { scale } from './scale.ts';
import { scaleRows } from './scaleRows.ts';
import { sumColumns } from './sumColumns.ts';

/**
 * The Jacobian of normalizeRows, which is symmetric, times u: r_i (u - mean u - y mean(u y)) for each row i, where y is the normalised
 * matrix [n, m] and r [n] the factors of its rows. The gradient of `normalizeRows`; it has no gradient of its own.
 * @throws LotkaError unless the shapes fit
 */
export function normalizeGradient(y: Tensor, inverse: Tensor, u: Tensor): Tensor {
  const [rows, columns] = requireMatrix('normalizeGradient', 'the first argument', y.shape);
  requireSameShape('normalizeGradient', y.shape, u.shape);
  if (inverse.size !== rows)
    throw new LotkaError('internal', `normalizeGradient: ${rows} rows need ${rows} factors, not shape ${formatShape(inverse.shape)}.`);
  return y.graph.apply({
    name: 'normalizeGradient',
    inputs: [y, inverse, u],
    shape: y.shape,
    attributes: [],
    rowwise: [0, 1, 2],
    again: ([normal, factors, upstream]) => normalizeGradient(normal, factors, upstream),
    flops: 8 * y.size,
    tangent: ([dy, dr, du]) => {
      const mean = (a: Tensor, b: Tensor): Tensor => scale(sumColumns(multiply(a, b)), -1 / columns);
      const terms: Tensor[] = [];
      if (du) terms.push(normalizeGradient(y, inverse, du));
      // y -> dy in -r y mean(u y).
      if (dy) terms.push(scaleRows(scaleRows(dy, mean(u, y)), inverse), scaleRows(scaleRows(y, mean(u, dy)), inverse));
      if (dr) terms.push(normalizeGradient(y, dr, u));
      return terms.reduce((sum, term) => add(sum, term));
    },
    evaluate: ([normal, factors, upstream], output) => {
      for (let i = 0; i < rows; i++) {
        let mean = 0;
        let along = 0;
        for (let j = i * columns; j < (i + 1) * columns; j++) {
          mean += upstream[j] / columns;
          along += (upstream[j] * normal[j]) / columns;
        }
        for (let j = i * columns; j < (i + 1) * columns; j++) output[j] = factors[i] * (upstream[j] - mean - normal[j] * along);
      }
    },
    lower: (target) =>
      target.call(NORMALIZE_GRADIENT, target.address(y), target.address(inverse), target.address(u), target.output, rows, columns),
  });
}
