import type { ItemOf } from '#app/protocol/define.ts';
import type { Contract } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Sweeps } from '#main/sweeps/sweeps.ts';
import type { Runs } from './runs.ts';

/** Runs as they change. */
export async function* watchChanges(runs: Runs, signal: AbortSignal): AsyncGenerator<ItemOf<Contract['runs.changes']>> {
  for await (const { id, kind, record } of changesOf<ReturnType<Runs['record']>>(runs, signal)) yield { kind, run: id, record };
}

/** Sweeps as they change. */
export async function* watchSweepChanges(sweeps: Sweeps, signal: AbortSignal): AsyncGenerator<ItemOf<Contract['sweeps.changes']>> {
  for await (const { id, kind, record } of changesOf<ReturnType<Sweeps['record']>>(sweeps, signal)) yield { kind, sweep: id, record };
}

/** What has records in a list. */
interface Listed<R> {
  onListed(listener: (id: string) => void): () => void;
  /** @throws LotkaError `not-found` */
  record(id: string): R;
}

interface Change<R> {
  readonly kind: 'changed' | 'removed';
  readonly id: string;
  readonly record: R | null;
}

/** One that changes often while the client is busy comes once, in its newest state. */
async function* changesOf<R>(listed: Listed<R>, signal: AbortSignal): AsyncGenerator<Change<R>> {
  const changed = new Set<string>();
  let wake = (): void => undefined;
  const rouse = (): void => wake();
  const forget = listed.onListed((id) => {
    changed.add(id);
    wake();
  });
  signal.addEventListener('abort', rouse);
  try {
    while (!signal.aborted) {
      const [id] = changed;
      if (id === undefined) {
        await new Promise<void>((resolve) => (wake = resolve));
        continue;
      }
      changed.delete(id);
      const record = recordOf(listed, id);
      yield { kind: record ? 'changed' : 'removed', id, record };
    }
  } finally {
    forget();
    signal.removeEventListener('abort', rouse);
  }
}

function recordOf<R>(listed: Listed<R>, id: string): R | null {
  try {
    return listed.record(id);
  } catch (error) {
    if (error instanceof LotkaError && error.code === 'not-found') return null;
    throw error;
  }
}
