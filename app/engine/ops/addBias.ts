import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { ADD_BIAS } from '../kernels/opcodes.ts';
import { formatShape, requireMatrix } from '../shapes.ts';
import { sumRows } from './sumRows.ts';

/**
 * Adds a row vector to every row: y[i, j] = x[i, j] + b[j]; x is [n, m], b is [m].
 * Gradients: upstream for x, its sum over rows for b.
 * @throws LotkaError unless the bias is as long as the rows
 */
export function addBias(x: Tensor, bias: Tensor): Tensor {
  const [rows, columns] = requireMatrix('addBias', 'the first argument', x.shape);
  if (bias.shape.length !== 1 || bias.shape[0] !== columns) {
    throw new LotkaError(
      'bad-input',
      `addBias: rows of ${columns} numbers need a bias of shape [${columns}], not ${formatShape(bias.shape)}.`,
    );
  }
  return x.graph.apply({
    name: 'addBias',
    inputs: [x, bias],
    shape: x.shape,
    attributes: [],
    rowwise: [0],
    exact: true,
    again: ([values, row]) => addBias(values, row),
    flops: x.size,
    inPlace: [0],
    linear: 'jointly',
    gradient: (upstream, _result, [, wantsBias]) => [upstream, wantsBias ? sumRows(upstream) : undefined],
    rowGradient: (upstream, input) => (input === 1 ? { right: upstream } : undefined),
    evaluate: ([values, row], output) => {
      for (let i = 0; i < output.length; i++) output[i] = values[i] + row[i % columns];
    },
    lower: (target) => target.call(ADD_BIAS, target.address(x), target.address(bias), target.output, rows, columns),
    fuse: ([producer]) => {
      const operation = producer?.withBias?.(bias);
      return operation && { operation, absorbed: [0] };
    },
  });
}
