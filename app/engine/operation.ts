import type { Tensor } from './graph.ts';
import type { RealArray, Shape } from './types.ts';

/**
 * One application of an op: everything the engine wants to know of it.
 * An op is a function that checks its arguments and hands such a record to `Graph.apply`.
 */
export interface Operation {
  readonly name: string;
  readonly inputs: readonly Tensor[];
  readonly shape: Shape;
  /** Shapes of extra results that the forward pass writes only if something reads them (`Tensor.auxiliary`). */
  readonly auxiliary?: readonly Shape[];
  /** Floating-point operations, multiply and add counted separately, an elementary function as one. */
  readonly flops: number;
  /**
   * Gradients of the loss with respect to the inputs, as new tensors of the graph.
   * @param upstream gradient with respect to this operation's result
   * @param result the tensor this operation computes
   * @param wanted for each input whether its gradient is used; the others may be `undefined`
   * Absent: not differentiable.
   */
  readonly gradient?: (upstream: Tensor, result: Tensor, wanted: readonly boolean[]) => readonly (Tensor | undefined)[];
  /** The defining formula in plain TypeScript, the oracle for all backends. Arrays are row-major in the program's precision. */
  readonly evaluate: (inputs: readonly RealArray[], output: RealArray, auxiliary: readonly RealArray[]) => void;
  /** Emits kernel calls. Absent for parameters, constants and views. */
  readonly lower?: (target: Lowering) => void;
  /** Elements of temporary memory the kernels want. */
  readonly scratch?: number;
  /** Positions of inputs whose memory the result may take over: element i of the result depends on element i of them only. */
  readonly inPlace?: readonly number[];
  /** The result is memory of another tensor: its value, or its auxiliary result `part`. */
  readonly view?: { readonly of: Tensor; readonly part: 'value' | number };
  /** This operation with a row vector added to every row of its result, in one pass. */
  readonly withBias?: (bias: Tensor) => Operation;
  /** One operation that does this and its producer's work, or undefined. Used when nothing else reads the producer's result. */
  readonly fuse?: (producer: Operation) => Operation | undefined;
}

/** Where an operation emits its kernel calls. All addresses are byte addresses in the arena. */
export interface Lowering {
  /** Bytes of one number: 4 or 8. */
  readonly width: number;
  readonly output: number;
  readonly scratch: number;
  /** Address of an auxiliary result, 0 if nothing reads it. */
  auxiliary(index: number): number;
  address(tensor: Tensor): number;
  /** Address of int32 values fixed at build time. */
  integers(values: Int32Array): number;
  /** Address of a double fixed at build time. */
  scalar(value: number): number;
  /** Appends one kernel call; arguments are addresses, counts and byte strides. */
  call(kernel: number, ...parameters: number[]): void;
}
