/** The latest result of the benchmark: this machine's own, else the one that came with the program. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { BenchResult } from '#app/protocol/bench.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { OutputOf } from '#app/protocol/define.ts';
import { packageRoot } from '#main/paths.ts';

/** Where `lotka bench` leaves its result in a store. */
export const benchFolder = (store: string): string => join(store, 'bench');

/** Where the result lies that is shipped. */
export const shippedBench = (): string => join(packageRoot(), 'e2e', 'bench', 'results', 'latest.json');

/** @param store folder of the store @param shipped file of the result that came with the program */
export function latestBench(store: string, shipped = shippedBench()): OutputOf<Contract['bench.latest']> {
  const own = join(benchFolder(store), 'latest.json');
  const troubles: string[] = [];
  for (const [source, path] of [
    ['own', own],
    ['shipped', shipped],
  ] as const) {
    if (!existsSync(path)) continue;
    try {
      const result = BenchResult.parse(JSON.parse(readFileSync(path, 'utf8')));
      // Single bursts are for those who check the numbers, in the file.
      const workloads = result.workloads.map((workload) => ({
        ...workload,
        engines: workload.engines.map((engine) => ({ ...engine, rounds: [] })),
      }));
      return { source, path, result: { ...result, workloads }, trouble: troubles[0] ?? null };
    } catch {
      troubles.push(`${path} cannot be read as a result of the benchmark: run lotka bench again, or delete it.`);
    }
  }
  return { source: null, path: own, result: null, trouble: troubles[0] ?? null };
}
