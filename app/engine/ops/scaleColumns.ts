import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { SCALE_COLUMNS } from '../kernels/opcodes.ts';
import { formatShape, requireMatrix } from '../shapes.ts';
import { multiply } from './multiply.ts';
import { sumRows } from './sumRows.ts';

/**
 * Every column by a factor of its own: y[i, j] = x[i, j] f[j]; x is [n, m], f is [m].
 * Gradients: upstream by the same factors for x, column sums of upstream * x for f.
 * @throws LotkaError unless there is a factor for each column
 */
export function scaleColumns(x: Tensor, factors: Tensor): Tensor {
  const [rows, columns] = requireMatrix('scaleColumns', 'the first argument', x.shape);
  if (factors.shape.length !== 1 || factors.shape[0] !== columns) {
    throw new LotkaError(
      'bad-input',
      `scaleColumns: ${columns} columns need factors of shape [${columns}], not ${formatShape(factors.shape)}.`,
    );
  }
  return x.graph.apply({
    name: 'scaleColumns',
    inputs: [x, factors],
    shape: x.shape,
    attributes: [],
    rowwise: [0],
    exact: true,
    again: ([values, row]) => scaleColumns(values, row),
    flops: x.size,
    inPlace: [0],
    linear: 'separately',
    gradient: (upstream, _result, [wantsX, wantsFactors]) => [
      wantsX ? scaleColumns(upstream, factors) : undefined,
      wantsFactors ? sumRows(multiply(upstream, x)) : undefined,
    ],
    rowGradient: (upstream, input) => (input === 1 ? { right: multiply(upstream, x) } : undefined),
    evaluate: ([values, row], output) => {
      for (let i = 0; i < output.length; i++) output[i] = values[i] * row[i % columns];
    },
    lower: (target) => target.call(SCALE_COLUMNS, target.address(x), target.address(factors), target.output, rows, columns),
  });
}
