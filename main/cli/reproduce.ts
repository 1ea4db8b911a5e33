import type { BackendName } from '#app/engine/types.ts';
import type { ClaimResult, Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { claimsCostLine } from '#app/experiments/cost.ts';
import { exitCodes, print, printJson, table, tell } from './output.ts';
import { openProgress } from './progress.ts';
import { onInterrupt } from './with-service.ts';

/** Checks an experiment's claims and prints them beside what was measured. @returns The exit code. */
export async function reproduce(
  client: Client<Contract>,
  experiment: string,
  options: { claims?: string[]; quick: boolean; backend?: BackendName; json: boolean },
): Promise<number> {
  const controller = new AbortController();
  const forget = onInterrupt(() => {
    tell('Stopping; runs that train are saved.');
    controller.abort();
  });
  const results: ClaimResult[] = [];
  const asked = { experiment, claims: options.claims, quick: options.quick, backend: options.backend };
  try {
    tell(claimsCostLine(await client.call('claims.cost', asked, { signal: controller.signal })));
    const progress = openProgress();
    try {
      for await (const item of client.stream('claims.check', asked, { signal: controller.signal })) {
        progress.show(item.fraction, item.what, item.secondsLeft);
        if (item.result) results.push(item.result);
      }
    } finally {
      progress.end();
    }
  } catch (error) {
    if (!controller.signal.aborted) throw error;
  } finally {
    forget();
  }
  if (options.json) {
    printJson({
      experiment,
      claims: results.map(({ id, statement, measured, expected, tolerance, holds }) => ({
        id,
        statement,
        measured,
        expected,
        tolerance,
        holds,
      })),
    });
  } else if (results.length > 0) {
    const rows = results.map((result) => [
      result.holds ? 'holds' : 'FAILS',
      result.statement,
      result.measured,
      result.expected + (result.tolerance ? ` (${result.tolerance})` : ''),
    ]);
    print(table(['', 'claim', 'measured', 'expected'], rows, [1, 2, 3]));
    print(`${results.filter((result) => result.holds).length} of ${results.length} claims hold.`);
  }
  if (controller.signal.aborted) return exitCodes.interrupted;
  return results.every((result) => result.holds) ? exitCodes.ok : exitCodes.claimFails;
}
