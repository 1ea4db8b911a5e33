import { LotkaError } from '#app/protocol/errors.ts';
import type { Indices, Tensor } from '../graph.ts';
import { CROSS_ENTROPY, WEIGHTED_CROSS_ENTROPY } from '../kernels/opcodes.ts';
import { requireMatrix } from '../shapes.ts';
import { multiply } from './multiply.ts';
import { scale } from './scale.ts';
import { scaleBy } from './scaleBy.ts';
import { scaleRows } from './scaleRows.ts';
import { softmax } from './softmax.ts';
import { softmaxGradient } from './softmaxGradient.ts';
import { sum } from './sum.ts';
import { pick, requireWeights } from './weights.ts';

/**
 * Mean cross-entropy of softmax(logits) against class labels, a scalar: (1/n) sum_i (log sum_j e^z_ij - z_i,label_i), in nats.
 * With weights the mean is (1/sum_i w_i) sum_i w_i (...). Each row is shifted by its maximum, so no finite logits overflow. Gradient: (softmax(z) - one-hot) / n, written by the forward pass.
 * @param weights constant [n], how often each row counts; once unless given
 * @throws LotkaError unless there is one label for each row and a class for each column
 */
export function softmaxCrossEntropy(logits: Tensor, labels: Indices, weights?: Tensor): Tensor {
  const [rows, classes] = requireLabels('softmaxCrossEntropy', logits, labels);
  const total = weights ? requireWeights('softmaxCrossEntropy', weights, rows) : rows;
  return logits.graph.apply({
    name: weights ? 'weightedSoftmaxCrossEntropy' : 'softmaxCrossEntropy',
    inputs: weights ? [logits, weights] : [logits],
    shape: [],
    attributes: [],
    again: ([z, w]) => softmaxCrossEntropy(z, labels, w),
    collapse: weights
      ? undefined
      : ([z], chosen, counts) => softmaxCrossEntropy(z, z.graph.indices(pick(labels.values, chosen), classes), counts),
    auxiliary: [logits.shape],
    flops: 6 * logits.size,
    gradient: (upstream, result) => [scaleBy(result.auxiliary(0), upstream)],
    indices: [labels],
    rowTerms: weights ? undefined : { inputs: [0], share: 1 / rows },
    tangent: ([dz], result, part) => {
      if (!dz || part === 'value') return dz && sum(multiply(dz, result.auxiliary(0)));
      const turned = softmaxGradient(softmax(logits), dz);
      if (!weights?.values) return scale(turned, 1 / rows);
      const shares = weights.values.map((weight) => weight / total);
      return scaleRows(turned, logits.graph.constant(shares, [rows]));
    },
    evaluate: ([z, w], output, [slope], step) => {
      const expected = labels.at(step);
      let sum = 0;
      for (let i = 0; i < rows; i++) {
        const row = z.subarray(i * classes, (i + 1) * classes);
        let largest = -Infinity;
        for (const value of row) largest = Math.max(largest, value);
        let mass = 0;
        for (const value of row) mass += Math.exp(value - largest);
        const label = expected[i];
        const share = w ? w[i] / total : 1 / total;
        sum += (w ? w[i] : 1) * (Math.log(mass) - (row[label] - largest));
        for (let j = 0; j < classes; j++) {
          slope[i * classes + j] = (Math.exp(row[j] - largest) / mass - (j === label ? 1 : 0)) * share;
        }
      }
      output[0] = sum / total;
    },
    lower: (target) =>
      target.call(
        weights ? WEIGHTED_CROSS_ENTROPY : CROSS_ENTROPY,
        target.address(logits),
        target.integers(labels.values, labels.period),
        target.output,
        target.auxiliary(0),
        rows,
        classes,
        ...(weights ? [target.address(weights), target.scalar(total)] : []),
      ),
  });
}

/** Rows and classes of logits. @throws LotkaError unless there is one label for each row and a class for each column */
export function requireLabels(op: string, logits: Tensor, labels: Indices): readonly [rows: number, classes: number] {
  const [rows, classes] = requireMatrix(op, 'logits', logits.shape);
  if (labels.count !== rows) throw new LotkaError('bad-input', `${op}: ${rows} rows of logits need ${rows} labels, not ${labels.count}.`);
  if (labels.limit !== classes)
    throw new LotkaError('bad-input', `${op}: labels of ${labels.limit} classes do not fit ${classes} logits a row.`);
  return [rows, classes];
}
