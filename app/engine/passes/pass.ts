import type { Tensor } from '../graph.ts';
import type { Precision } from '../types.ts';

/** What a pass did to a graph. */
export interface Rewriting {
  /** For every old tensor what it became. */
  readonly became: ReadonlyMap<Tensor, Tensor>;
  /** What was found, e.g. "2 linear layers over 59 tokens"; undefined if nothing was. */
  readonly what: string | undefined;
}

/** Replaces what the roots are computed from by something equal and cheaper. */
export type Pass = (roots: readonly Tensor[], precision: Precision) => Rewriting;

/** "1 layer", "2 layers". */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
