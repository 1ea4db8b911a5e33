import { LotkaError } from '#app/protocol/errors.ts';
import type { Indices, Tensor } from '../graph.ts';
import { NEAREST_ACCURACY } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';

/**
 * Fraction of rows whose nearest candidate (Euclidean distance) is the labelled one, a scalar in 0..1: [n, m], [k, m] -> [].
 * Of equally near candidates the first counts as the nearest; one whose distance is NaN never does. Not differentiable.
 * @param labels one candidate for each row
 * @throws LotkaError if points and candidates differ in columns, or labels and points in number, or labels name no candidate
 */
export function nearestAccuracy(points: Tensor, candidates: Tensor, labels: Indices): Tensor {
  const [rows, columns] = requireMatrix('nearestAccuracy', 'the points', points.shape);
  const [count, width] = requireMatrix('nearestAccuracy', 'the candidates', candidates.shape);
  if (width !== columns)
    throw new LotkaError('bad-input', `nearestAccuracy: points have ${columns} columns, candidates ${width}; they must be equal.`);
  if (labels.count !== rows || labels.limit !== count) {
    throw new LotkaError(
      'bad-input',
      `nearestAccuracy: ${rows} points and ${count} candidates need ${rows} labels below ${count}, not ${labels.count} below ${labels.limit}.`,
    );
  }
  return points.graph.apply({
    name: 'nearestAccuracy',
    inputs: [points, candidates],
    shape: [],
    attributes: [],
    again: ([x, y]) => nearestAccuracy(x, y, labels),
    flops: 3 * rows * count * columns,
    indices: [labels],
    evaluate: ([x, y], output, _auxiliary, step) => {
      const expected = labels.at(step);
      let right = 0;
      for (let i = 0; i < rows; i++) {
        let nearest = -1;
        let least = Infinity;
        for (let c = 0; c < count; c++) {
          let distance = 0;
          for (let j = 0; j < columns; j++) distance += (x[i * columns + j] - y[c * columns + j]) ** 2;
          if (distance < least) [nearest, least] = [c, distance];
        }
        if (nearest === expected[i]) right++;
      }
      output[0] = right / rows;
    },
    lower: (target) =>
      target.call(
        NEAREST_ACCURACY,
        target.address(points),
        target.address(candidates),
        target.integers(labels.values, labels.period),
        target.output,
        rows,
        count,
        columns,
      ),
  });
}
