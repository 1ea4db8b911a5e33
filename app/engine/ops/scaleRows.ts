import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { SCALE_ROWS } from '../kernels/opcodes.ts';
import { formatShape, requireMatrix } from '../shapes.ts';
import { multiply } from './multiply.ts';
import { sumColumns } from './sumColumns.ts';

/**
 * Every row by a factor of its own: y[i, j] = x[i, j] f[i]; x is [n, m], f is [n].
 * Gradients: upstream by the same factors for x, row sums of upstream * x for f.
 * @throws LotkaError unless there is a factor for each row
 */
export function scaleRows(x: Tensor, factors: Tensor): Tensor {
  const [rows, columns] = requireMatrix('scaleRows', 'the first argument', x.shape);
  if (factors.shape.length !== 1 || factors.shape[0] !== rows) {
    throw new LotkaError('bad-input', `scaleRows: ${rows} rows need factors of shape [${rows}], not ${formatShape(factors.shape)}.`);
  }
  return x.graph.apply({
    name: 'scaleRows',
    inputs: [x, factors],
    shape: x.shape,
    attributes: [],
    rowwise: [0, 1],
    exact: true,
    again: ([values, column]) => scaleRows(values, column),
    flops: x.size,
    inPlace: [0],
    linear: 'separately',
    gradient: (upstream, _result, [wantsX, wantsFactors]) => [
      wantsX ? scaleRows(upstream, factors) : undefined,
      wantsFactors ? sumColumns(multiply(upstream, x)) : undefined,
    ],
    evaluate: ([values, column], output) => {
      for (let i = 0; i < rows; i++) for (let j = i * columns; j < (i + 1) * columns; j++) output[j] = values[j] * column[i];
    },
    lower: (target) => target.call(SCALE_ROWS, target.address(x), target.address(factors), target.output, rows, columns),
  });
}
