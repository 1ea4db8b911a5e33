import type { Tensor } from '../graph.ts';
import { Identity } from './identity.ts';
import { counted, type Rewriting } from './pass.ts';
import { rebuild, rewrite } from './rewrite.ts';

/** Computes once what occurs several times: the same operation on the same inputs, and equal constants. */
export function repeats(roots: readonly Tensor[]): Rewriting {
  const identity = new Identity();
  let merged = 0;
  const became = rewrite(roots, (tensor, inputs) => {
    const own = rebuild(tensor, inputs);
    const first = identity.canonical(own);
    if (first !== own && !own.values) merged++;
    return first;
  });
  return { became, what: merged > 0 ? `${counted(merged, 'repeated computation')} merged` : undefined };
}
