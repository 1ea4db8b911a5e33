/** Lets streams wait until something changed, without missing what changed while they were busy. */
export class Notifier {
  private readonly versions = new Map<string, number>();
  private readonly waiting = new Map<string, Set<() => void>>();

  notify(key: string): void {
    this.versions.set(key, this.version(key) + 1);
    const wakes = this.waiting.get(key);
    this.waiting.delete(key);
    for (const wake of wakes ?? []) wake();
  }

  version(key: string): number {
    return this.versions.get(key) ?? 0;
  }

  /** Resolves once the version of `key` is no longer `seen`, or the signal aborts. */
  async changed(key: string, seen: number, signal: AbortSignal): Promise<void> {
    while (this.version(key) === seen && !signal.aborted) {
      await new Promise<void>((resolve) => {
        const wakes = this.waiting.get(key) ?? new Set();
        this.waiting.set(key, wakes);
        const wake = (): void => {
          wakes.delete(wake);
          signal.removeEventListener('abort', wake);
          resolve();
        };
        wakes.add(wake);
        signal.addEventListener('abort', wake);
      });
    }
  }
}
