import type { Tensor } from '../graph.ts';
import { addBias } from './addBias.ts';
import { normalizeRows } from './normalizeRows.ts';
import { scaleColumns } from './scaleColumns.ts';

/**
 * Layer normalisation of rows (Ba et al. 2016) as PyTorch's LayerNorm: gain * (x - mean) / sqrt(variance + epsilon) + shift;
 * x is [n, m], gain and shift are [m].
 * @throws LotkaError unless the shapes fit
 */
export function layerNorm(x: Tensor, gain: Tensor, shift: Tensor, epsilon = 1e-5): Tensor {
  return addBias(scaleColumns(normalizeRows(x, epsilon), gain), shift);
}
