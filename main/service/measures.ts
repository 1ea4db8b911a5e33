import type { Quantity } from '#app/experiments/experiment.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { parametersKey } from '#app/runs/record.ts';
import type { Pool } from '#main/workers/pool.ts';
import type { Runs } from './runs.ts';

export interface Measured {
  readonly result: unknown;
  readonly quantities: Quantity[];
}

/** Results kept in memory: enough for every panel of a few runs. */
const kept = 64;
const results = new WeakMap<Runs, Map<string, Promise<Measured>>>();

/**
 * Computes a measure in a worker, once for each state of a run: panels and exports that ask for the same share it.
 * @throws LotkaError `not-found`, `bad-input` for options, and what the measure itself says.
 */
export async function measured(
  runs: Runs,
  pool: Pool,
  run: string,
  measure: string,
  options: Record<string, unknown>,
  signal?: AbortSignal,
): Promise<Measured> {
  const { folder, run: recorded } = await runs.onDisk(run);
  const cache = results.get(runs) ?? new Map<string, Promise<Measured>>();
  results.set(runs, cache);
  const key = `${run} ${recorded.rows} ${measure} ${parametersKey(options)}`;
  const known = await cache.get(key)?.catch((error: unknown) => {
    // Another caller gave up on it; this one did not.
    if (!(error instanceof LotkaError && error.code === 'cancelled')) throw error;
    return null;
  });
  if (known) return known;
  const computing = pool.measure(folder, measure, options as Parameters<Pool['measure']>[2], signal);
  cache.set(key, computing);
  if (cache.size > kept) cache.delete(cache.keys().next().value!);
  // What failed or was cancelled is tried again when next asked for.
  computing.catch(() => cache.delete(key));
  return computing;
}

export const measureHandler =
  (runs: Runs, pool: Pool): Handlers<Contract>['runs.measure'] =>
  async ({ run, measure, options }, { signal }) => {
    const { result, quantities } = await measured(runs, pool, run, measure, options, signal);
    return {
      result,
      quantities: quantities.map((quantity) => ({
        ...quantity,
        value: typeof quantity.value === 'object' ? [...quantity.value] : quantity.value,
      })),
    };
  };
