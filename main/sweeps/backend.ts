/** What trains the trials of a sweep. Three engines exist behind this one interface; a conformance test holds for all. */
import type { Parameters } from '#app/experiments/experiment.ts';
import type { BackendName } from '#app/engine/types.ts';
import type { SweepWorker, TrialKey, TrialResult } from '#app/protocol/sweep.ts';

/** One training, complete: whoever gets it needs nothing else. */
export interface Trial extends TrialKey {
  readonly parameters: Parameters;
}

export interface SweepWork {
  readonly sweep: string;
  readonly experiment: string;
  /** What computes the trials, and its build: workers of another build take none. */
  readonly backend: BackendName;
  readonly engine: string;
  /** Version of Lotka, for sentences. */
  readonly lotka: string;
  readonly keep: 'outcomes' | 'runs';
  /** In the order in which they should be begun. */
  readonly trials: readonly Trial[];
  /** Seconds that one trial takes on this machine, as far as known. */
  readonly secondsPerTrial: number | null;
}

export type SweepEvent =
  /** Results; a trial may be told more than once, to the same bits. They are safe when the promise that is returned has settled. */
  | { readonly kind: 'results'; readonly results: readonly TrialResult[] }
  /** All trials that are being trained now. */
  | { readonly kind: 'training'; readonly trials: readonly TrialKey[] }
  /** All workers that were seen since it began. */
  | { readonly kind: 'workers'; readonly workers: readonly SweepWorker[] };

export interface SweepBackend {
  readonly kind: 'local' | 'slurm' | 'redis';
  /**
   * Makes sure that it can be used, before anything runs.
   * @throws LotkaError `unavailable`: one sentence with what is missing and what helps
   */
  check(): Promise<void>;
  /**
   * Trains until every trial has a result (a `failed` one is a result) or `signal` aborts. What was told is told for good; what
   * was under way when it was aborted, or when anything died, is trained again by the next call. After an abort nothing goes on
   * training for this sweep, here or elsewhere, longer than it takes to tell it so.
   * @throws LotkaError when it cannot go on at all; trials told so far stay told. An abort is no error.
   */
  run(work: SweepWork, signal: AbortSignal, tell: (event: SweepEvent) => Promise<void>): Promise<void>;
  /** Ends connections; after it nothing is called. */
  close(): Promise<void>;
}
