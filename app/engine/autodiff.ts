import { LotkaError } from '#app/protocol/errors.ts';
import type { Tensor } from './graph.ts';
import { add } from './ops/add.ts';
import { formatShape } from './shapes.ts';

/**
 * Reverse-mode differentiation at build time: adds to the graph the tensors that compute d loss / d parameter.
 * Only what leads from a trainable parameter to the loss gets gradient work. Contributions are summed in a fixed order.
 * @param loss a scalar
 * @returns the gradient of each trainable parameter of the graph
 * @throws LotkaError if the loss is no scalar, a path to it is not differentiable, or a trainable parameter does not influence it
 */
export function gradients(loss: Tensor): Map<Tensor, Tensor> {
  const upstream = backward(loss);
  const result = new Map<Tensor, Tensor>();
  for (const parameter of loss.graph.parameters) {
    if (!parameter.parameter.trainable) continue;
    const gradient = upstream.get(parameter);
    if (!gradient) {
      const { name } = parameter.parameter;
      throw new LotkaError('bad-input', `Parameter "${name}" does not influence the loss; use it, or declare it with trainable: false.`);
    }
    result.set(parameter, gradient);
  }
  return result;
}

/**
 * The gradient of the loss with respect to every tensor on a path from a trainable parameter to the loss, both included.
 * @throws LotkaError if the loss is no scalar or a path to it is not differentiable
 */
export function backward(loss: Tensor): Map<Tensor, Tensor> {
  if (loss.size !== 1) throw new LotkaError('bad-input', `The loss must be a scalar, not of shape ${formatShape(loss.shape)}.`);
  const path = influences(loss);
  const upstream = new Map<Tensor, Tensor>([[loss, loss.graph.constant([1], [])]]);
  for (const tensor of [...path].sort((a, b) => b.id - a.id)) {
    const own = upstream.get(tensor);
    if (tensor.parameter || !own) continue;
    const { operation } = tensor;
    if (!operation.gradient) {
      const shapes = operation.inputs.map(({ shape }) => formatShape(shape)).join(', ');
      throw new LotkaError(
        'bad-input',
        `The loss depends on parameters through ${operation.name} (${shapes} to ${formatShape(tensor.shape)}), which is not differentiable: use a differentiable op there, or report it as an output only.`,
      );
    }
    const wanted = operation.inputs.map((input) => path.has(input));
    operation.gradient(own, tensor, wanted).forEach((contribution, index) => {
      if (!wanted[index] || !contribution) return;
      const input = operation.inputs[index];
      const previous = upstream.get(input);
      upstream.set(input, previous ? add(previous, contribution) : contribution);
    });
  }
  return upstream;
}

/** Tensors on a path from a trainable parameter to the loss. */
function influences(loss: Tensor): Set<Tensor> {
  const memo = new Map<Tensor, boolean>();
  for (const tensor of reachable([loss])) {
    memo.set(tensor, tensor.parameter?.trainable === true || tensor.operation.inputs.some((input) => memo.get(input) === true));
  }
  return new Set([...memo].filter(([, leads]) => leads).map(([tensor]) => tensor));
}

/** Everything the roots are computed from, the roots included, in topological order. */
export function reachable(roots: Iterable<Tensor>): Tensor[] {
  const seen = new Set<Tensor>(roots);
  for (const tensor of seen) for (const input of tensor.operation.inputs) seen.add(input);
  return [...seen].sort((a, b) => a.id - b.id);
}
