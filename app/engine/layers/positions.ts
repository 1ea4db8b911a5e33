import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from '../graph.ts';
import { addBias } from '../ops/addBias.ts';
import { reshape } from '../ops/reshape.ts';
import { formatShape, requireMatrix } from '../shapes.ts';

/**
 * Adds an embedding of the position to every row of sequences: y[s T + t, :] = x[s T + t, :] + positions[t, :];
 * x is [sequences * T, m], positions are [T, m].
 * @throws LotkaError unless the rows of x are whole sequences of the same width
 */
export function addPositions(x: Tensor, positions: Tensor): Tensor {
  const [rows, width] = requireMatrix('addPositions', 'the first argument', x.shape);
  const [length, columns] = requireMatrix('addPositions', 'the positions', positions.shape);
  if (columns !== width || rows % length !== 0) {
    throw new LotkaError(
      'bad-input',
      `addPositions: positions of shape ${formatShape(positions.shape)} do not fit rows of shape ${formatShape(x.shape)}.`,
    );
  }
  const sequences = reshape(x, [rows / length, length * width]);
  return reshape(addBias(sequences, reshape(positions, [length * width])), x.shape);
}
