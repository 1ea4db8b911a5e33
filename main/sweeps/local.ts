import type { SweepWorker, TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { lastStep } from '#app/runs/record.ts';
import type { TrainingResult } from '#main/workers/engine-contract.ts';
import type { Pool } from '#main/workers/pool.ts';
import type { GroupRun } from '#main/workers/training-group.ts';
import type { SweepBackend, SweepEvent, SweepWork, Trial } from './backend.ts';
import { WorkerTally } from './tally.ts';

export interface LocalOptions {
  /** What its workers are called: the name alone where there is one, else with a number behind. `core` unless told. */
  readonly worker?: string;
  /** Bytes of memory that one trial may take; any number unless told. */
  readonly bytesPerRun?: () => number;
  /** Keeps all that a trial recorded as a run, and says which; needed for work that keeps runs. */
  readonly keepRun?: (work: SweepWork, trial: Trial, result: TrainingResult) => Promise<string>;
}

/** What is trained now is told so often, while it changes. */
const lookMilliseconds = 250;

/** Trains trials in the engines of a pool, in the background of what a person watches. */
export class LocalSweepBackend implements SweepBackend {
  readonly kind = 'local';
  readonly #pool: Pool;
  readonly #options: LocalOptions;

  constructor(pool: Pool, options: LocalOptions = {}) {
    this.#pool = pool;
    this.#options = options;
  }

  /** This machine is always here. */
  check(): Promise<void> {
    return Promise.resolve();
  }

  /** The pool belongs to others. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  async run(work: SweepWork, signal: AbortSignal, tell: (event: SweepEvent) => Promise<void>): Promise<void> {
    if (signal.aborted || work.trials.length === 0) return;
    const tally = new WorkerTally();
    for (let slot = 0; slot < this.#pool.size; slot++) tally.seen(this.#workerName(slot), performance.now());

    // Engines train on while one message is being recorded, and wait while there are two.
    let recorded: Promise<void> = Promise.resolve();
    const bytesPerRun = this.#options.bytesPerRun?.();
    const group = this.#pool.trainMany(
      { backend: work.backend, runs: runsOf(work), keep: work.keep === 'runs' ? 'all' : 'outcomes', bytesPerRun },
      async (results, slot) => {
        const before = recorded;
        recorded = before.then(() => this.#record(work, results, slot, tally, tell));
        recorded.catch(() => undefined);
        await before;
      },
    );

    let shown = '';
    const look = (): void => {
      const trials = group.training.map(({ run }) => keyOf(work.trials[Number(run.run)]!));
      const now = JSON.stringify(trials);
      if (now === shown) return;
      shown = now;
      tell({ kind: 'training', trials }).catch(group.fail);
      tell({ kind: 'workers', workers: this.#workers(tally, new Set(group.training.map(({ slot }) => slot))) }).catch(group.fail);
    };
    const timer = setInterval(look, lookMilliseconds);
    const abort = (): void => group.cancel();
    signal.addEventListener('abort', abort);
    look();
    try {
      await group.done;
      await recorded;
    } catch (error) {
      // What was trained before the abort is being recorded still.
      await recorded;
      if (!(signal.aborted && error instanceof LotkaError && error.code === 'cancelled')) throw error;
    } finally {
      clearInterval(timer);
      signal.removeEventListener('abort', abort);
    }
    await tell({ kind: 'training', trials: [] });
    await tell({ kind: 'workers', workers: this.#workers(tally, new Set()) });
  }

  async #record(
    work: SweepWork,
    results: readonly TrainingResult[],
    slot: number,
    tally: WorkerTally,
    tell: (event: SweepEvent) => Promise<void>,
  ): Promise<void> {
    const worker = this.#workerName(slot);
    const told: TrialResult[] = [];
    for (const result of results) {
      const trial = work.trials[Number(result.run)]!;
      const run = work.keep === 'runs' && result.state !== 'failed' ? await this.#keep(work, trial, result) : null;
      told.push({
        ...keyOf(trial),
        state: result.state,
        outcomes: result.outcomes,
        step: lastStep(result.from + result.count),
        message: result.message,
        seconds: result.seconds,
        worker,
        attempt: 1,
        run,
      });
    }
    const failures = told.filter(({ state }) => state === 'failed').length;
    tally.add(worker, told.length, failures, performance.now());
    await tell({ kind: 'results', results: told });
  }

  #keep(work: SweepWork, trial: Trial, result: TrainingResult): Promise<string> {
    if (!this.#options.keepRun) throw new LotkaError('unavailable', 'Trials cannot be kept as runs here; keep their outcomes only.');
    return this.#options.keepRun(work, trial, result);
  }

  #workers(tally: WorkerTally, busy: ReadonlySet<number>): SweepWorker[] {
    const names = new Set([...busy].map((slot) => this.#workerName(slot)));
    return tally.list((worker) => (names.has(worker) ? 'training' : 'idle'), performance.now());
  }

  #workerName(slot: number): string {
    const { worker = 'core' } = this.#options;
    return this.#pool.size === 1 && this.#options.worker !== undefined ? worker : `${worker} ${slot + 1}`;
  }
}

const keyOf = ({ point, seed }: TrialKey): TrialKey => ({ point, seed });

/** Named by their place in the list; parameters are those of the trial when it is its turn. */
const runsOf = ({ trials, experiment }: SweepWork): GroupRun[] =>
  trials.map((trial, index) => ({
    run: String(index),
    experiment,
    get parameters() {
      return trial.parameters;
    },
  }));
