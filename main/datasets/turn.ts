import type { Turn } from '#app/arrays/words.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { eventLoopTurn, sliceMilliseconds } from '#main/workers/slices.ts';

/** Lets messages in between slices; throws `cancelled` once nobody waits any more. */
export function turnOf(signal: AbortSignal): Turn {
  let begun = performance.now();
  return async () => {
    if (signal.aborted) throw new LotkaError('cancelled', 'It was cancelled.');
    if (performance.now() - begun < sliceMilliseconds) return;
    await eventLoopTurn();
    begun = performance.now();
  };
}
