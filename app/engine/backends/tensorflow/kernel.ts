import type { Operation } from '../../operation.ts';
import type { TensorFlow, TfTensor } from './interface.ts';

/** One computation to be made. */
export interface Call {
  readonly tf: TensorFlow;
  readonly operation: Operation;
  readonly inputs: readonly TfTensor[];
  /** Whole numbers of the step, int32. */
  readonly indices: readonly TfTensor[];
  /** Shape of the result. */
  readonly shape: number[];
  /** Whether anything reads that auxiliary result. */
  readonly wants: (auxiliary: number) => boolean;
}

/**
 * Computes an operation with functions of TensorFlow: its value, then its auxiliary results (those nobody wants may be left out
 * from the end).
 */
export type Kernel = (call: Call) => TfTensor | TfTensor[];

/** One number among the settings of an operation. */
export const setting = ({ operation }: Call, index: number): number => operation.attributes![index] as number;
