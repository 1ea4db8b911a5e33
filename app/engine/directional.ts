import { LotkaError } from '#app/protocol/errors.ts';
import { gradients } from './autodiff.ts';
import type { Tensor } from './graph.ts';
import { add } from './ops/add.ts';
import { formatShape, requireSameShape } from './shapes.ts';

/**
 * Products H v of the loss's Hessian with a vector v, exact, by differentiating the gradients along v (Pearlmutter 1994).
 * One costs about two gradients; no Hessian is ever formed.
 * @param parameters trainable parameters; all others are held fixed, so H is the block that belongs to these
 * @param vectors the parts of v in the same order, each of its parameter's shape: e.g. parameters declared with `trainable: false`,
 *   which `session.write` sets, or constants
 * @returns the parts of H v in the same order, to be read as results of an evaluation
 * @throws LotkaError if shapes differ, a parameter is no trainable one or given twice, or an operation has no second derivative
 */
export function hessianVectorProduct(loss: Tensor, parameters: readonly Tensor[], vectors: readonly Tensor[]): Tensor[] {
  const gradientOf = gradients(loss);
  const slopes = parameters.map((parameter) => {
    const slope = gradientOf.get(parameter);
    if (!slope) {
      const name = parameter.parameter?.name ?? parameter.operation.name;
      throw new LotkaError('bad-input', `hessianVectorProduct: "${name}" is no trainable parameter of this graph.`);
    }
    return slope;
  });
  if (new Set(parameters).size !== parameters.length || vectors.length !== parameters.length) {
    throw new LotkaError('bad-input', 'hessianVectorProduct: give every parameter once and a vector for each.');
  }
  const directions = new Map(parameters.map((parameter, index) => [parameter, vectors[index]]));
  const products = directionalDerivatives(slopes, directions);
  return products.map((product, index) => product ?? zeros(parameters[index]));
}

/**
 * Derivatives of tensors along a direction in the space of some others (forward mode): d/ds of each target at s = 0 when the keys of
 * `directions` move to key + s * value.
 * @returns one tensor a target, `undefined` where the derivative is zero whatever the values
 * @throws LotkaError if a direction's shape is not its tensor's, or an operation on the way has no such derivative
 */
export function directionalDerivatives(targets: readonly Tensor[], directions: ReadonlyMap<Tensor, Tensor>): (Tensor | undefined)[] {
  for (const [tensor, direction] of directions) requireSameShape('directionalDerivatives', tensor.shape, direction.shape);
  const tangents = new Map<Tensor, Tensor | undefined>();
  for (const tensor of needed(targets)) tangents.set(tensor, directions.get(tensor) ?? tangentOf(tensor, tangents));
  return targets.map((target) => tangents.get(target));
}

/** All that tangents of the targets are computed from, in topological order. */
function needed(targets: readonly Tensor[]): Tensor[] {
  const seen = new Set(targets);
  for (const tensor of seen) for (const input of rule(tensor).of.operation.inputs) seen.add(input);
  return [...seen].sort((a, b) => a.id - b.id);
}

/** The result to differentiate: an auxiliary result depends on the inputs of the operation that writes it, not on its value. */
function rule(tensor: Tensor): { readonly of: Tensor; readonly part: 'value' | number } {
  const { view } = tensor.operation;
  return view && view.part !== 'value' ? view : { of: tensor, part: 'value' };
}

function tangentOf(tensor: Tensor, known: ReadonlyMap<Tensor, Tensor | undefined>): Tensor | undefined {
  const { of, part } = rule(tensor);
  const { operation } = of;
  const tangents = operation.inputs.map((input) => known.get(input));
  if (tangents.every((tangent) => !tangent)) return undefined;
  if (operation.tangent) return operation.tangent(tangents, of, part);
  if (operation.linear && operation.again && part === 'value') {
    const { again, inputs } = operation;
    if (operation.linear === 'jointly') return again(tangents.map((tangent, index) => tangent ?? zeros(inputs[index])));
    return tangents
      .flatMap((tangent, index) => (tangent ? [again(inputs.with(index, tangent))] : []))
      .reduce((sum, term) => add(sum, term));
  }
  const shapes = operation.inputs.map(({ shape }) => formatShape(shape)).join(', ');
  throw new LotkaError(
    'bad-input',
    `The derivative leads through ${operation.name} of ${shapes}, which cannot be differentiated twice; use an op there that can.`,
  );
}

function zeros(tensor: Tensor): Tensor {
  return tensor.graph.constant(new Float64Array(tensor.size), tensor.shape);
}
