import type { RandomStream } from '#app/numerics/random.ts';

/**
 * Initial values of a linear layer as PyTorch draws them: weights (inputs x outputs), then biases, all U(-1/sqrt(inputs), 1/sqrt(inputs)).
 * @param scale factor of all of them
 */
export function linearInitials(
  random: RandomStream,
  inputs: number,
  outputs: number,
  scale = 1,
): { weight: Float64Array; bias: Float64Array } {
  const bound = scale / Math.sqrt(inputs);
  const uniform = (length: number) => Float64Array.from({ length }, () => bound * (2 * random.uniform() - 1));
  return { weight: uniform(inputs * outputs), bias: uniform(outputs) };
}
