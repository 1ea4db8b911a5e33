import { untrack } from 'svelte';

/** Milliseconds between two redrawings of the figures while rows arrive. */
export const figureInterval = 100;

/**
 * Counts changes of what `read` reads, at most once in `interval` milliseconds and always once more after the last.
 * Belongs to the component or effect in which it is made.
 */
export function slowed(read: () => unknown, interval: number): { readonly version: number } {
  let version = $state(0);
  let countedAt = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  $effect(() => {
    read();
    clearTimeout(timer);
    const count = () => {
      countedAt = performance.now();
      version = untrack(() => version) + 1;
    };
    const wait = countedAt + interval - performance.now();
    if (wait <= 0) count();
    else timer = setTimeout(count, wait);
  });
  $effect(() => () => clearTimeout(timer));
  return {
    get version() {
      return version;
    },
  };
}
