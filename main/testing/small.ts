import { parseParameters } from '#app/experiments/parameters.ts';
import type { Parameters } from '#app/experiments/experiment.ts';
import { experimentById } from '#app/experiments/registry.ts';

/** The survival experiment at a size that trains thousands of steps a second. */
export const small = (changes: Parameters = {}): Parameters =>
  parseParameters(experimentById('survival'), null, {
    modulus: 7,
    embeddingWidth: 6,
    hiddenWidths: [8],
    steps: 60,
    precision: 'f64',
    ...changes,
  });
