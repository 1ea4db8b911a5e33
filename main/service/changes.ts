import type { ItemOf } from '#app/protocol/define.ts';
import type { Contract } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Runs } from './runs.ts';

/** Runs as they change. A run that changes often while the client is busy comes once, in its newest state. */
export async function* watchChanges(runs: Runs, signal: AbortSignal): AsyncGenerator<ItemOf<Contract['runs.changes']>> {
  const changed = new Set<string>();
  let wake = (): void => undefined;
  const rouse = (): void => wake();
  const forget = runs.onListed((run) => {
    changed.add(run);
    wake();
  });
  signal.addEventListener('abort', rouse);
  try {
    while (!signal.aborted) {
      const [run] = changed;
      if (run === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      changed.delete(run);
      const record = recordOf(runs, run);
      yield { kind: record ? 'changed' : 'removed', run, record };
    }
  } finally {
    forget();
    signal.removeEventListener('abort', rouse);
  }
}

function recordOf(runs: Runs, run: string): ReturnType<Runs['record']> | null {
  try {
    return runs.record(run);
  } catch (error) {
    if (error instanceof LotkaError && error.code === 'not-found') return null;
    throw error;
  }
}
