import type { Indices, Tensor } from '../graph.ts';
import { STABLE_MAX_CROSS_ENTROPY } from '../kernels/opcodes.ts';
import { scaleBy } from './scaleBy.ts';
import { requireLabels } from './softmaxCrossEntropy.ts';

/**
 * Mean cross-entropy with StableMax in place of softmax (Prieto et al. 2025, arXiv 2501.04697), a scalar:
 * (1/n) sum_i (log sum_j s(z_ij) - log s(z_i,label_i)), s(x) = x + 1 for x >= 0 and 1 / (1 - x) below. Its gradients do not vanish by
 * rounding when a network is sure of its answers.
 * @throws LotkaError unless there is one label for each row and a class for each column
 */
export function stableMaxCrossEntropy(logits: Tensor, labels: Indices): Tensor {
  const [rows, classes] = requireLabels('stableMaxCrossEntropy', logits, labels);
  return logits.graph.apply({
    name: 'stableMaxCrossEntropy',
    inputs: [logits],
    shape: [],
    attributes: [],
    again: ([z]) => stableMaxCrossEntropy(z, labels),
    auxiliary: [logits.shape],
    flops: 7 * logits.size,
    gradient: (upstream, result) => [scaleBy(result.auxiliary(0), upstream)],
    rowTerms: { inputs: [0], share: 1 / rows },
    indices: [labels],
    evaluate: ([z], output, [slope], step) => {
      const expected = labels.at(step);
      let total = 0;
      for (let i = 0; i < rows; i++) {
        const row = Array.from(z.subarray(i * classes, (i + 1) * classes));
        const weights = row.map((x) => (x >= 0 ? x + 1 : 1 / (1 - x)));
        const slopes = row.map((x, j) => (x >= 0 ? 1 : weights[j] ** 2));
        const mass = weights.reduce((sum, weight) => sum + weight, 0);
        const label = expected[i];
        total += Math.log(mass) - Math.log(weights[label]);
        slopes.forEach((own, j) => (slope[i * classes + j] = (own / mass - (j === label ? own / weights[j] : 0)) / rows));
      }
      output[0] = total / rows;
    },
    lower: (target) =>
      target.call(
        STABLE_MAX_CROSS_ENTROPY,
        target.address(logits),
        target.integers(labels.values, labels.period),
        target.output,
        target.auxiliary(0),
        rows,
        classes,
      ),
  });
}
