/** How much an import may hold: what can be watched. */

export const mostFiles = 10_000;
export const mostTokens = 1000;
export const mostWidth = 8192;
export const mostSnapshots = 100_000;
/** Bytes of all embeddings that are kept. */
export const mostKeptBytes = 2 ** 30;
/** Weights whose norms are kept. */
export const mostWeights = 32;
/** Tokens without which there is no circle. */
export const fewestTokens = 3;
