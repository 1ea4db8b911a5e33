import { reachable } from './autodiff.ts';
import type { Tensor } from './graph.ts';
import type { Operation } from './operation.ts';
import type { ParameterInfo } from './types.ts';

/** One computation of a section. The operation may do more than the tensor's own: fused ones read the inputs of what they absorbed. */
export interface Step {
  readonly tensor: Tensor;
  readonly operation: Operation;
}

/** A list of computations that runs from begin to end: a training step's forward and backward pass, or an evaluation. */
export interface Section {
  readonly steps: readonly Step[];
  /** Scalar results by name. */
  readonly outputs: ReadonlyMap<string, Tensor>;
  /** Results of any shape by name. */
  readonly results: ReadonlyMap<string, Tensor>;
  /** Tensors whose memory must hold their value when the section has run. */
  readonly pinned: ReadonlySet<Tensor>;
}

/** A parameter with what belongs to it. */
export interface CompiledParameter {
  readonly tensor: Tensor;
  readonly info: ParameterInfo;
  /** Undefined for a frozen parameter. */
  readonly gradient: Tensor | undefined;
}

/** The memory a tensor's elements stand in: a result of a computation or a source. */
export interface Place {
  readonly owner: Tensor;
  /** 0 is the value, i + 1 the auxiliary result i. */
  readonly part: number;
}

/** Follows views to the memory behind a tensor. */
export function placeOf(tensor: Tensor): Place {
  const { view } = tensor.operation;
  if (!view) return { owner: tensor, part: 0 };
  return view.part === 'value' ? placeOf(view.of) : { owner: placeOf(view.of).owner, part: view.part + 1 };
}

/** True for parameters and constants: their memory is not written by any computation. */
export function isSource(tensor: Tensor): boolean {
  return tensor.parameter !== undefined || tensor.values !== undefined;
}

const NONE: ReadonlyMap<string, Tensor> = new Map();

/**
 * Orders what the pinned tensors need, leaves out everything else, and fuses neighbours where the operations know how.
 * @param fusion false keeps every operation by itself
 */
export function schedule(
  outputs: ReadonlyMap<string, Tensor>,
  pinned: ReadonlySet<Tensor>,
  fusion: boolean,
  results: ReadonlyMap<string, Tensor> = NONE,
): Section {
  const live = reachable(pinned);
  const uses = new Map<Tensor, number>();
  for (const tensor of live) for (const input of tensor.operation.inputs) uses.set(input, (uses.get(input) ?? 0) + 1);
  const steps = new Map<Tensor, Operation>();
  for (const tensor of live) {
    if (isSource(tensor) || tensor.operation.view) continue;
    let { operation } = tensor;
    const { inputs } = operation;
    const fused =
      fusion && operation.fuse?.(inputs.map((input) => (uses.get(input) === 1 && !pinned.has(input) ? steps.get(input) : undefined)));
    if (fused) {
      for (const position of fused.absorbed) steps.delete(inputs[position]);
      operation = fused.operation;
    }
    steps.set(tensor, operation);
  }
  return { steps: [...steps].map(([tensor, operation]) => ({ tensor, operation })), outputs, results, pinned };
}
