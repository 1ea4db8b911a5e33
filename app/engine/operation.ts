import type { Indices, Tensor } from './graph.ts';
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
  /**
   * Linear in its inputs taken together (`jointly`, as sums and copies are) or in each by itself (`separately`, as products are).
   * Its derivative along a direction then follows from `again`.
   */
  readonly linear?: 'jointly' | 'separately';
  /**
   * Derivative of the value, or of the auxiliary result with that index, along a direction: what second derivatives need.
   * @param tangents derivative of each input along it; `undefined` is zero
   * @returns `undefined` for zero
   * @throws LotkaError where there is none
   */
  readonly tangent?: (tangents: readonly (Tensor | undefined)[], result: Tensor, part: 'value' | number) => Tensor | undefined;
  /**
   * Parts of the gradient with respect to an input that all rows share: it is the sum over rows i of left[i]^T right[i], an outer
   * product of row i of two matrices, or of right[i] alone. `undefined`, or absent: not of this form.
   */
  readonly rowGradient?: (upstream: Tensor, input: number) => RowGradient | undefined;
  /** For a scalar that is `share` times a sum of terms alike, one for row i of each of these inputs: a mean over n rows has share 1/n. */
  readonly rowTerms?: { readonly inputs: readonly number[]; readonly share: number };
  /**
   * The defining formula in plain TypeScript, the oracle for all backends. Arrays are row-major in the program's precision.
   * @param step number of updates taken before, for `Indices.at`
   */
  readonly evaluate: (inputs: readonly RealArray[], output: RealArray, auxiliary: readonly RealArray[], step: number) => void;
  /** Whole numbers it reads besides its inputs. With a period above 1 its result depends on the step, whatever the inputs. */
  readonly indices?: readonly Indices[];
  /** The same op applied to other inputs, which may have another number of rows where the op is row-wise. Only sources do without it. */
  readonly again?: (inputs: readonly Tensor[]) => Tensor;
  /**
   * Settings that decide the result besides name, inputs and indices; operations equal in all four compute the same.
   * Absent: equal only to itself.
   */
  readonly attributes?: readonly (number | boolean | string)[];
  /** Inputs of which row i (first axis) enters only row i of the result; every row is treated alike. Absent: none. */
  readonly rowwise?: readonly number[];
  /** Every element is a copy of an input's, or one correctly rounded sum, difference or product: its bits are the same in every backend. */
  readonly exact?: boolean;
  /**
   * The same value from fewer rows: `inputs` hold the rows with the given numbers, and row `rows[i]` stands for `counts[i]` equal rows.
   * For ops with a scalar result that treat all rows of their inputs and indices alike.
   */
  readonly collapse?: (inputs: readonly Tensor[], rows: Int32Array, counts: Tensor) => Tensor;
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
  /** The result is rows of a table: what a sum of them may read from there itself. */
  readonly lookup?: Lookup;
  /**
   * One operation that does this and some producers' work, or undefined.
   * @param producers for each input the operation that makes it, where nothing else reads the result
   */
  readonly fuse?: (producers: readonly (Operation | undefined)[]) => Fusion | undefined;
}

/** Rows of a table by index. */
export interface Lookup {
  readonly table: Tensor;
  readonly indices: Indices;
}

/** An operation that does the work of others besides its own. */
export interface Fusion {
  readonly operation: Operation;
  /** Positions of the inputs whose producers it replaces. */
  readonly absorbed: readonly number[];
}

/** The gradient of something that all rows share, row by row: flattened outer products of rows of `left` and `right`. */
export interface RowGradient {
  /** [n, k]; absent: 1. */
  readonly left?: Tensor;
  /** [n, m] */
  readonly right: Tensor;
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
  /** Address of int32 values fixed at build time; with a period, of the step's part of that many equal parts. */
  integers(values: Int32Array, period?: number): number;
  /** Address of a double fixed at build time. */
  scalar(value: number): number;
  /** Appends one kernel call; arguments are addresses, counts and byte strides. */
  call(kernel: number, ...parameters: number[]): void;
}
