import type { Tensor } from '../graph.ts';
import type { PassName, Precision } from '../types.ts';
import { columns } from './columns.ts';
import { constants } from './constants.ts';
import { duplicates } from './duplicates.ts';
import type { Pass } from './pass.ts';
import { repeats } from './repeats.ts';
import { tables } from './tables.ts';

/**
 * Passes over the forward graph, in the order in which they run, before differentiation. Gradients follow from what they leave.
 *
 * | pass         | applies to                                                           | saves                                          |
 * | ------------ | -------------------------------------------------------------------- | ---------------------------------------------- |
 * | `constants`  | exact operations on constants                                        | them, once a step; changes no bit              |
 * | `repeats`    | the same operation on the same inputs, written down several times    | the repetitions                                |
 * | `duplicates` | rows of a fixed batch with equal inputs, up to order, and labels     | all row-wise work on repetitions               |
 * | `tables`     | linear layers and row-wise operations on rows of smaller tables      | work in proportion of rows to rows of a table  |
 * | `columns`    | products with constant data that are mostly zero or have dead columns | multiplications by zero                        |
 *
 * Step times on one core, plain against passed: survival of circles at modulus 59 2.3 (`tables`), with summed instead of concatenated
 * embeddings 2.7 (`duplicates` 1.7, `tables` 1.6), a 784-200-200-10 network on data like handwritten digits 1.8 (`columns`).
 * All but `constants` change sums in their last bits. `fusion` (schedule.ts) joins neighbouring operations and `inPlace` (tape.ts) lets
 * results share memory; both come after differentiation, and the second changes no bit.
 */
const passes: readonly (readonly [PassName, Pass])[] = [
  ['constants', constants],
  ['repeats', repeats],
  ['duplicates', duplicates],
  ['tables', tables],
  ['columns', columns],
];

/** The roots after a pass that found something. */
export interface Stage {
  readonly name: PassName;
  readonly what: string;
  /** What every root became so far. */
  readonly became: (root: Tensor) => Tensor;
}

/**
 * Runs the passes that are not switched off.
 * @param roots everything that is to be computed
 * @returns a stage for each pass that found something, in order
 */
export function runPasses(roots: readonly Tensor[], precision: Precision, switches: Readonly<Partial<Record<PassName, boolean>>>): Stage[] {
  const stages: Stage[] = [];
  let current = new Map(roots.map((root) => [root, root]));
  for (const [name, pass] of passes) {
    if (switches[name] === false) continue;
    const { became, what } = pass([...new Set(current.values())], precision);
    if (what === undefined) continue;
    const next = new Map([...current].map(([root, tensor]) => [root, became.get(tensor)!]));
    current = next;
    stages.push({ name, what, became: (root) => next.get(root)! });
  }
  return stages;
}
