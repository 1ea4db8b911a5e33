import type { SweepDefinition, SweepEstimate } from '#app/protocol/sweep.ts';
import type { Service } from '#renderer/connect/service.ts';

/** Time that typing pauses before the service is asked, in ms. */
const typingPause = 250;

/** The cost of the sweep in the form: counts at once, times when they are measured. Answers to what is no longer there are dropped. */
export class LiveEstimate {
  estimate = $state.raw<SweepEstimate | null>(null);
  /** The service's sentence on what is wrong. */
  trouble = $state<string | null>(null);
  /** True while a newer answer is on its way. */
  asking = $state(false);
  readonly #service: Service;
  #asking: AbortController | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(service: Service) {
    this.#service = service;
  }

  /** Asks for the cost of `definition`, soon. */
  ask(definition: SweepDefinition): void {
    this.stop();
    this.asking = true;
    this.#timer = setTimeout(() => void this.#fetch(definition), typingPause);
  }

  /** Drops what is on its way. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#asking?.abort();
    this.#asking = null;
    this.asking = false;
  }

  async #fetch(definition: SweepDefinition): Promise<void> {
    const asking = new AbortController();
    this.#asking = asking;
    try {
      // What it takes to know how long a trial lasts should not keep the counts waiting.
      for (const measure of [false, true]) {
        const estimate = await this.#service.call('sweeps.estimate', { definition, measure }, { signal: asking.signal });
        if (asking.signal.aborted) return;
        // Until it is measured anew, the time of a trial that is known stays.
        this.estimate = measure ? estimate : withTimeOf(this.estimate, estimate);
        this.trouble = null;
      }
    } catch (error) {
      if (asking.signal.aborted) return;
      this.estimate = null;
      this.trouble = error instanceof Error ? error.message : String(error);
    }
    if (this.#asking === asking) this.asking = false;
  }
}

/** What several sweeps would cost, by their ids: counts at once, then times, one after the other so that no measurement disturbs another. */
export class Estimates {
  /** A sentence where there is no estimate. */
  told = $state.raw<ReadonlyMap<string, SweepEstimate | string>>(new Map());
  readonly #service: Service;
  #asking: AbortController | null = null;

  constructor(service: Service) {
    this.#service = service;
  }

  /** Asks anew for these. */
  async ask(definitions: ReadonlyMap<string, SweepDefinition>): Promise<void> {
    this.stop();
    const asking = new AbortController();
    this.#asking = asking;
    for (const measure of [false, true]) {
      for (const [id, definition] of definitions) {
        let told: SweepEstimate | string;
        try {
          told = await this.#service.call('sweeps.estimate', { definition, measure }, { signal: asking.signal });
        } catch (error) {
          told = error instanceof Error ? error.message : String(error);
        }
        if (asking.signal.aborted) return;
        this.told = new Map(this.told).set(id, told);
      }
    }
  }

  /** Drops what is on its way; what is known stays. */
  stop(): void {
    this.#asking?.abort();
    this.#asking = null;
  }
}

function withTimeOf(known: SweepEstimate | null, next: SweepEstimate): SweepEstimate {
  const secondsPerTrial = known?.stepsPerTrial === next.stepsPerTrial ? known.secondsPerTrial : null;
  if (next.secondsPerTrial !== null || secondsPerTrial === null) return next;
  return { ...next, secondsPerTrial, secondsInAll: (secondsPerTrial * next.trials) / Math.max(1, next.workers) };
}
