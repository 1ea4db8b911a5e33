import { LotkaError } from '#app/protocol/errors.ts';
import { reachable } from '../autodiff.ts';
import type { Tensor } from '../graph.ts';

/**
 * What to compute instead of a tensor, or undefined to keep it.
 * @param tensor a tensor of the old graph
 * @param inputs what its inputs became
 * @param become what any tensor before it became
 */
export type Substitute = (tensor: Tensor, inputs: readonly Tensor[], become: (tensor: Tensor) => Tensor) => Tensor | undefined;

/**
 * Maps everything the roots are computed from through a substitution, inputs before what reads them. What has neither a substitute nor
 * changed inputs stays the same object, parameters among them, so parameters and their names outlive every rewriting.
 * @returns for every old tensor what it became
 */
export function rewrite(roots: Iterable<Tensor>, substitute: Substitute): Map<Tensor, Tensor> {
  const became = new Map<Tensor, Tensor>();
  const become = (tensor: Tensor): Tensor => became.get(tensor) ?? tensor;
  const tensors = reachable(roots);
  // An operation of which something reads an auxiliary result must go on computing it.
  const kept = new Set(tensors.flatMap(({ operation: { view } }) => (view && view.part !== 'value' ? [view.of] : [])));
  for (const tensor of tensors) {
    const inputs = tensor.operation.inputs.map(become);
    const instead = kept.has(tensor) ? undefined : substitute(tensor, inputs, become);
    became.set(tensor, instead ?? rebuild(tensor, inputs));
  }
  return became;
}

/** Tensors of which something reads an auxiliary result, as graphs do that contain gradients: nothing else can stand for them. */
export function readInParts(roots: Iterable<Tensor>): Set<Tensor> {
  return new Set(reachable(roots).flatMap(({ operation: { view } }) => (view && view.part !== 'value' ? view.of : [])));
}

/** The tensor's operation on other inputs; the tensor itself if they are its own. */
export function rebuild(tensor: Tensor, inputs: readonly Tensor[]): Tensor {
  const { operation } = tensor;
  if (inputs.every((input, index) => input === operation.inputs[index])) return tensor;
  if (!operation.again)
    throw new LotkaError('internal', `Operation ${operation.name} cannot be applied to other inputs: it lacks "again".`);
  return operation.again(inputs);
}
