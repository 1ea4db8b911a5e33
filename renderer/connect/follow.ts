import type { Contract } from '#app/protocol/contract.ts';
import type { InputOf, ItemOf, StreamNames } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Service } from './service.ts';

/**
 * Follows a stream until it ends by itself or `signal` aborts, subscribing again when the wire was lost.
 * `onItem` may return a promise: the next item is taken, and its credit granted, when it resolves.
 * @param input is asked anew for each subscription, so that it can continue where the last one broke off.
 * @throws LotkaError for anything but a lost wire.
 */
export async function follow<K extends StreamNames<Contract>>(
  service: Service,
  name: K,
  input: () => InputOf<Contract[K]>,
  onItem: (item: ItemOf<Contract[K]>) => void | Promise<void>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    try {
      for await (const item of service.stream(name, input(), { signal })) {
        if (signal.aborted) return;
        await onItem(item);
      }
      return;
    } catch (error) {
      if (signal.aborted) return;
      const lost = error instanceof LotkaError && (error.code === 'closed' || error.code === 'unavailable');
      if (!lost) throw error;
      await pause(250);
    }
  }
}

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The next animation frame, or a quarter of a second where there is none (a hidden window). */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      cancelAnimationFrame(frame);
      clearTimeout(timer);
      resolve();
    };
    const frame = requestAnimationFrame(done);
    const timer = setTimeout(done, 250);
  });
}
