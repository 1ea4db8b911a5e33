import type { Indices, Tensor } from '../graph.ts';
import { ACCURACY, WEIGHTED_ACCURACY } from '../kernels/opcodes.ts';
import { requireLabels } from './softmaxCrossEntropy.ts';
import { pick, requireWeights } from './weights.ts';

/**
 * Fraction of rows whose largest logit is at the label, a scalar in 0..1. Of equal logits the first counts as the largest, NaN never does.
 * Not differentiable.
 * @param weights constant [n], how often each row counts; once unless given
 * @throws LotkaError unless there is one label for each row and a class for each column
 */
export function accuracy(logits: Tensor, labels: Indices, weights?: Tensor): Tensor {
  const [rows, classes] = requireLabels('accuracy', logits, labels);
  const total = weights ? requireWeights('accuracy', weights, rows) : rows;
  return logits.graph.apply({
    name: weights ? 'weightedAccuracy' : 'accuracy',
    inputs: weights ? [logits, weights] : [logits],
    shape: [],
    attributes: [],
    again: ([z, w]) => accuracy(z, labels, w),
    collapse: weights ? undefined : ([z], chosen, counts) => accuracy(z, z.graph.indices(pick(labels.values, chosen), classes), counts),
    flops: 0,
    indices: [labels],
    evaluate: ([z, w], output, _auxiliary, step) => {
      const expected = labels.at(step);
      let right = 0;
      for (let i = 0; i < rows; i++) {
        const row = z.subarray(i * classes, (i + 1) * classes);
        let largest = -Infinity;
        for (const value of row) if (value > largest) largest = value;
        if (row.indexOf(largest) === expected[i]) right += w ? w[i] : 1;
      }
      output[0] = right / total;
    },
    lower: (target) =>
      target.call(
        weights ? WEIGHTED_ACCURACY : ACCURACY,
        target.address(logits),
        target.integers(labels.values, labels.period),
        target.output,
        rows,
        classes,
        ...(weights ? [target.address(weights), target.scalar(total)] : []),
      ),
  });
}
