import { claimsCostLine } from '#app/experiments/cost.ts';
import type { ClaimResult } from '#app/protocol/contract.ts';
import { follow } from '#renderer/connect/follow.ts';
import type { Service } from '#renderer/connect/service.ts';

/** Claims of one experiment: what is known of each, and the check that is under way. */
export class Claims {
  results = $state.raw<ReadonlyMap<string, ClaimResult>>(new Map());
  /** Ids being checked, or null when nothing is. */
  checking = $state.raw<ReadonlySet<string> | null>(null);
  fraction = $state<number | null>(null);
  secondsLeft = $state<number | null>(null);
  what = $state('');
  trouble = $state<string | null>(null);
  /** What a check of all would train, in words; null while nobody asked. */
  cost = $state<string | null>(null);
  /** Whether the list is shown, or a mark of each only. */
  open = $state(false);
  readonly #service: Service;
  readonly #experiment: string;
  #cancel: AbortController | null = null;
  #asking: AbortController | null = null;

  constructor(service: Service, experiment: string) {
    this.#service = service;
    this.#experiment = experiment;
  }

  async load(): Promise<void> {
    try {
      const { results } = await this.#service.call('claims.list', { experiment: this.#experiment });
      this.results = new Map(results.map((result) => [result.id, result]));
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    }
  }

  /** Works out what a check of all claims would train; sizes of networks are timed for a moment. */
  async askCost(quick: boolean): Promise<void> {
    if (this.checking) return;
    this.#asking?.abort();
    const asking = (this.#asking = new AbortController());
    try {
      const cost = await this.#service.call('claims.cost', { experiment: this.#experiment, quick }, { signal: asking.signal });
      if (this.#asking === asking) this.cost = claimsCostLine(cost);
    } catch {
      // It is told again, or not at all, when a check is begun.
      if (this.#asking === asking) this.cost = null;
    }
  }

  /** Checks some claims, training what they need. `quick` takes the smallest honest sample. */
  async check(claims: readonly string[], quick: boolean): Promise<void> {
    if (this.checking) return;
    this.#asking?.abort();
    this.#asking = null;
    this.cost = null;
    const cancel = new AbortController();
    this.#cancel = cancel;
    this.checking = new Set(claims);
    this.fraction = null;
    this.secondsLeft = null;
    this.what = '';
    this.trouble = null;
    try {
      await follow(
        this.#service,
        'claims.check',
        () => ({ experiment: this.#experiment, claims: [...(this.checking ?? [])], quick }),
        ({ fraction, secondsLeft, what, result }) => {
          this.fraction = fraction;
          this.secondsLeft = secondsLeft;
          this.what = what;
          if (!result) return;
          this.results = new Map(this.results).set(result.id, result);
          this.checking = new Set([...(this.checking ?? [])].filter((id) => id !== result.id));
        },
        cancel.signal,
      );
    } catch (error) {
      this.trouble = error instanceof Error ? error.message : String(error);
    } finally {
      this.checking = null;
      this.#cancel = null;
    }
  }

  cancel(): void {
    this.#cancel?.abort();
  }
}
