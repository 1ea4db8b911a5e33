import type { Tensor } from '../graph.ts';
import type { Precision, RealArray } from '../types.ts';
import { counted, type Rewriting } from './pass.ts';
import { rebuild, rewrite } from './rewrite.ts';

/**
 * Evaluates exact operations on constants once, before training. Only operations whose elements have the same bits in every backend are
 * evaluated, and none whose result takes more memory than its inputs, so neither bits nor the arena suffer.
 */
export function constants(roots: readonly Tensor[], precision: Precision): Rewriting {
  let folded = 0;
  const became = rewrite(roots, (tensor, inputs) => {
    const value = fold(rebuild(tensor, inputs), precision);
    if (value) folded++;
    return value;
  });
  return { became, what: folded > 0 ? `${counted(folded, 'operation')} on constants evaluated` : undefined };
}

function fold(tensor: Tensor, precision: Precision): Tensor | undefined {
  const { inputs, indices = [], evaluate, exact = false } = tensor.operation;
  if (!exact || !inputs.every(({ values }) => values) || indices.some(({ period }) => period > 1)) return undefined;
  if (tensor.size > inputs.reduce((sum, { size }) => sum + size, 0)) return undefined;
  const rounded = ({ values }: Tensor): RealArray => (precision === 'f64' ? values! : Float32Array.from(values!));
  const output = precision === 'f64' ? new Float64Array(tensor.size) : new Float32Array(tensor.size);
  evaluate(inputs.map(rounded), output, [], 0);
  return tensor.graph.constant(output, tensor.shape);
}
