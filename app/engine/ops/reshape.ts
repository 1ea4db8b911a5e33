import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { formatShape, sizeOf } from '../shapes.ts';
import type { Shape } from '../types.ts';

/**
 * The same elements in row-major order under another shape; costs nothing. Gradient: upstream in the old shape.
 * @throws LotkaError if the number of elements differs
 */
export function reshape(x: Tensor, shape: Shape): Tensor {
  if (sizeOf(shape) !== x.size) {
    throw new LotkaError(
      'bad-input',
      `reshape: ${formatShape(x.shape)} holds ${x.size} numbers, ${formatShape(shape)} would hold ${sizeOf(shape)}.`,
    );
  }
  const keepsRows = shape.length > 1 && x.shape.length > 1 && shape[0] === x.shape[0];
  return x.graph.apply({
    name: 'reshape',
    inputs: [x],
    shape: [...shape],
    attributes: [formatShape(shape)],
    exact: true,
    rowwise: keepsRows ? [0] : [],
    again: ([values]) => reshape(values, keepsRows ? [values.shape[0], ...shape.slice(1)] : shape),
    flops: 0,
    view: { of: x, part: 'value' },
    linear: 'jointly',
    gradient: (upstream) => [reshape(upstream, x.shape)],
    evaluate: ([values], output) => output.set(values),
  });
}
