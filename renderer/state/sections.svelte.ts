import type { Contract } from '#app/protocol/contract.ts';
import type { InputOf } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Service } from '#renderer/connect/service.ts';

type Options = InputOf<Contract['runs.measure']>['options'];

/** A section through the loss of a run that is computed on demand, coarsely first; a new one takes the place of one under way. */
export class Section<R> {
  result = $state.raw<R | null>(null);
  /** Options of what is shown; null before anything is. */
  shown = $state.raw<Options | null>(null);
  /** Resolution that is being computed; null when nothing is. */
  working = $state<number | null>(null);
  secondsLeft = $state<number | null>(null);
  trouble = $state<string | null>(null);
  readonly #service: Service;
  readonly #measure: string;
  readonly #now: () => number;
  #asking: AbortController | null = null;

  constructor(service: Service, measure: string, now: () => number = () => performance.now()) {
    this.#service = service;
    this.#measure = measure;
    this.#now = now;
  }

  /**
   * Computes the section at growing resolutions and shows each as it comes.
   * @param places how many networks a resolution stands for, for the time that is left
   */
  async make(run: string, options: Options, resolutions: readonly number[], places: (resolution: number) => number): Promise<void> {
    this.cancel();
    const asking = new AbortController();
    this.#asking = asking;
    this.trouble = null;
    try {
      for (const [at, resolution] of resolutions.entries()) {
        this.working = resolution;
        const begun = this.#now();
        const asked = { run, measure: this.#measure, options: { ...options, resolution } };
        const { result } = await this.#service.call('runs.measure', asked, { signal: asking.signal });
        if (asking.signal.aborted) return;
        this.result = result as R;
        this.shown = asked.options;
        const eachPlace = (this.#now() - begun) / 1000 / places(resolution);
        this.secondsLeft = resolutions.slice(at + 1).reduce((sum, next) => sum + eachPlace * places(next), 0);
      }
    } catch (error) {
      if (asking.signal.aborted || (error instanceof LotkaError && error.code === 'cancelled')) return;
      this.trouble = error instanceof Error ? error.message : String(error);
    } finally {
      if (this.#asking === asking) this.#rest();
    }
  }

  /** Ends what is under way; what is shown stays. */
  cancel(): void {
    this.#asking?.abort();
    this.#rest();
  }

  /** Forgets everything: another run is looked at. */
  clear(): void {
    this.cancel();
    this.result = null;
    this.shown = null;
    this.trouble = null;
  }

  #rest(): void {
    this.#asking = null;
    this.working = null;
    this.secondsLeft = null;
  }
}
