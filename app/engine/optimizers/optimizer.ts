import { LotkaError } from '#app/protocol/errors.ts';
import type { RealArray } from '../types.ts';

/** A trainable parameter as an update sees it. */
export interface ParameterState {
  readonly name: string;
  readonly group: string;
  readonly values: RealArray;
  readonly gradient: RealArray;
  /** State kept from step to step, by the names in `Optimizer.moments`. */
  readonly moments: Readonly<Record<string, RealArray>>;
}

/** Trainable parameters of one group, contiguous in the arena, each with its gradient and moments at the same offset. Byte addresses. */
export interface UpdateRange {
  readonly group: string;
  readonly parameters: number;
  readonly gradients: number;
  /** Addresses by the names in `Optimizer.moments`. */
  readonly moments: Readonly<Record<string, number>>;
  /** Numbers, padding between parameters included. What stands in the padding is of no account and may be anything. */
  readonly count: number;
  readonly members: readonly { readonly parameters: number; readonly gradients: number; readonly size: number }[];
}

/** What an optimiser needs of a backend that runs tapes: constants, working memory and calls. */
export interface UpdateTarget {
  /** Address of the int32 count of steps, this one included. */
  readonly counter: number;
  /** Address of a double fixed at build time. */
  scalar(value: number): number;
  /** Address of doubles fixed at build time. */
  table(values: Float64Array): number;
  /** Address of a double to work with. */
  slot(): number;
  call(kernel: number, ...parameters: number[]): void;
}

/**
 * What happens to parameters and gradients once the gradients of a step are known: an update rule, or a change of the gradients before
 * or of the parameters after it. `sequence` joins several.
 */
export interface Optimizer {
  readonly name: string;
  /** Names of the state tensors kept beside each trainable parameter; checkpoint keys are `<moment>/<parameter>`. */
  readonly moments: readonly string[];
  readonly flopsPerElement: number;
  /** Groups it has settings for. */
  readonly groups: readonly string[];
  /** The definition: changes parameters, gradients and moments in place. `step` counts from 1. */
  update(parameters: readonly ParameterState[], step: number): void;
  /** Emits the kernel calls that do the same. */
  lower(ranges: readonly UpdateRange[], target: UpdateTarget): void;
}

/**
 * Several rules one after the other, e.g. `sequence(clipNorm({ maximum: 1 }), adamw({ learningRate: 0.001 }), pinNorm({ norm: 10 }))`.
 * @throws LotkaError if two of them keep state of the same name
 */
export function sequence(...parts: readonly Optimizer[]): Optimizer {
  const moments = parts.flatMap((part) => part.moments);
  const twice = moments.find((moment, index) => moments.indexOf(moment) !== index);
  if (twice !== undefined) throw new LotkaError('bad-input', `sequence: two of the rules keep "${twice}"; give one rule of a kind.`);
  return {
    name: parts.map(({ name }) => name).join(', '),
    moments,
    flopsPerElement: parts.reduce((sum, part) => sum + part.flopsPerElement, 0),
    groups: [...new Set(parts.flatMap((part) => part.groups))],
    update: (parameters, step) => parts.forEach((part) => part.update(parameters, step)),
    lower: (ranges, target) => parts.forEach((part) => part.lower(ranges, target)),
  };
}

/** @throws LotkaError unless minimum <= value < limit */
export function requireRange(optimizer: string, setting: string, value: number, minimum: number, limit: number): void {
  if (!(value >= minimum && value < limit)) {
    throw new LotkaError('bad-input', `${optimizer}: ${setting} must be at least ${minimum} and below ${limit}, not ${value}.`);
  }
}
