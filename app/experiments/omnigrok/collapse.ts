import { exp } from '#app/numerics/elementary.ts';

/**
 * Fraction of samples whose cross-entropy is exactly 0 in 32 bits (Prieto et al. 2025, arXiv 2501.04697): all other classes together
 * weigh so little beside the right one that they vanish by rounding, and with them the gradient of the sample.
 * @param outputs rows x classes
 * @param labels class of each row
 * @param objective which function turns outputs into weights of classes
 */
export function collapsed(outputs: ArrayLike<number>, labels: Int32Array, objective: 'cross-entropy' | 'stablemax'): number {
  const classes = outputs.length / labels.length;
  let count = 0;
  labels.forEach((label, row) => {
    const at = row * classes;
    const own = outputs[at + label];
    // Weights relative to that of the right class, whose own is 1.
    const weight = objective === 'cross-entropy' ? (x: number) => exp(x - own) : (x: number) => stable(x) / stable(own);
    let others = 0;
    for (let j = 0; j < classes; j += 1) if (j !== label) others += weight(outputs[at + j]);
    if (Math.fround(1 + others) === 1) count += 1;
  });
  return count / labels.length;
}

/** s(x) of StableMax. */
const stable = (x: number): number => (x >= 0 ? x + 1 : 1 / (1 - x));
