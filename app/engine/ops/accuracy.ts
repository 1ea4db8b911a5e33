import type { Indices, Tensor } from '../graph.ts';
import { ACCURACY } from '../kernels/opcodes.ts';
import { requireLabels } from './softmaxCrossEntropy.ts';

/**
 * Fraction of rows whose largest logit is at the label, a scalar in 0..1. Of equal logits the first counts as the largest, NaN never does.
 * Not differentiable.
 * @throws LotkaError unless there is one label for each row and a class for each column
 */
export function accuracy(logits: Tensor, labels: Indices): Tensor {
  const [rows, classes] = requireLabels('accuracy', logits, labels);
  return logits.graph.apply({
    name: 'accuracy',
    inputs: [logits],
    shape: [],
    flops: 0,
    evaluate: ([z], output) => {
      let right = 0;
      for (let i = 0; i < rows; i++) {
        const row = z.subarray(i * classes, (i + 1) * classes);
        let largest = -Infinity;
        for (const value of row) if (value > largest) largest = value;
        if (row.indexOf(largest) === labels.values[i]) right++;
      }
      output[0] = right / rows;
    },
    lower: (target) => target.call(ACCURACY, target.address(logits), target.integers(labels.values), target.output, rows, classes),
  });
}
