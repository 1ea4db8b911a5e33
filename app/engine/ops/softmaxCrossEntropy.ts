import { LotkaError } from '#app/protocol/errors.ts';
import type { Indices, Tensor } from '../graph.ts';
import { CROSS_ENTROPY } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';
import { scaleBy } from './scaleBy.ts';

/**
 * Mean cross-entropy of softmax(logits) against class labels, a scalar: (1/n) sum_i (log sum_j e^z_ij - z_i,label_i), in nats.
 * Each row is shifted by its maximum, so no finite logits overflow. Gradient: (softmax(z) - one-hot) / n, written by the forward pass.
 * @throws LotkaError unless there is one label for each row and a class for each column
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Indices): Tensor {
  const [rows, classes] = requireLabels('softmaxCrossEntropy', logits, labels);
  return logits.graph.apply({
    name: 'softmaxCrossEntropy',
    inputs: [logits],
    shape: [],
    auxiliary: [logits.shape],
    flops: 6 * logits.size,
    gradient: (upstream, result) => [scaleBy(result.auxiliary(0), upstream)],
    evaluate: ([z], output, [slope]) => {
      let total = 0;
      for (let i = 0; i < rows; i++) {
        const row = z.subarray(i * classes, (i + 1) * classes);
        let largest = -Infinity;
        for (const value of row) largest = Math.max(largest, value);
        let mass = 0;
        for (const value of row) mass += Math.exp(value - largest);
        const label = labels.values[i];
        total += Math.log(mass) - (row[label] - largest);
        for (let j = 0; j < classes; j++) {
          slope[i * classes + j] = (Math.exp(row[j] - largest) / mass - (j === label ? 1 : 0)) / rows;
        }
      }
      output[0] = total / rows;
    },
    lower: (target) =>
      target.call(CROSS_ENTROPY, target.address(logits), target.integers(labels.values), target.output, target.auxiliary(0), rows, classes),
  });
}

/** Rows and classes of logits. @throws LotkaError unless there is one label for each row and a class for each column */
export function requireLabels(op: string, logits: Tensor, labels: Indices): readonly [rows: number, classes: number] {
  const [rows, classes] = requireMatrix(op, 'logits', logits.shape);
  if (labels.values.length !== rows)
    throw new LotkaError('bad-input', `${op}: ${rows} rows of logits need ${rows} labels, not ${labels.values.length}.`);
  if (labels.limit !== classes)
    throw new LotkaError('bad-input', `${op}: labels of ${labels.limit} classes do not fit ${classes} logits a row.`);
  return [rows, classes];
}
