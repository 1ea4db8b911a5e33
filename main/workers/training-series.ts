import type { Backend } from '#app/engine/index.ts';
import type { Parameters, Training } from '#app/experiments/experiment.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import type { TrainingResult } from './engine-contract.ts';
import { eventLoopTurn, sliceMilliseconds } from './slices.ts';

/** Results are told at least this often, so that little is lost with a worker and progress is seen. */
const tellMilliseconds = 100;
/** And before more than this lies in memory. */
const bytesPerMessage = 4 << 20;

export interface SeriesRun {
  readonly run: string;
  /** What is to be trained. What it throws fails this run only. */
  readonly prepare: () => { readonly training: Training; readonly parameters: Parameters };
}

/**
 * Trains runs one after the other, each exactly as it is trained alone, and yields what came out of several together.
 * Listens between slices of 25 ms.
 */
export async function* trainInSeries(runs: readonly SeriesRun[], backend: Backend, signal: AbortSignal): AsyncGenerator<TrainingResult[]> {
  let results: TrainingResult[] = [];
  let bytes = 0;
  let told = performance.now();
  let sliceBegun = told;
  for (const run of runs) {
    const training = new RunInSeries(run, backend);
    while (!training.advance(sliceBegun + sliceMilliseconds)) {
      await eventLoopTurn();
      if (signal.aborted) return training.dispose();
      // What is finished does not wait for a run that takes long.
      if (results.length > 0 && performance.now() - told >= tellMilliseconds) {
        yield results;
        [results, bytes, told] = [[], 0, performance.now()];
      }
      sliceBegun = performance.now();
    }
    const result = training.result();
    results.push(result);
    bytes += sizeOf(result);
    const now = performance.now();
    if (now - told >= tellMilliseconds || bytes >= bytesPerMessage) {
      yield results;
      [results, bytes, told] = [[], 0, performance.now()];
    }
    if (now - sliceBegun >= sliceMilliseconds) {
      await eventLoopTurn();
      if (signal.aborted) return;
      sliceBegun = performance.now();
    }
  }
  if (results.length > 0) yield results;
}

/** One run of a series: what fails in it fails it alone. */
class RunInSeries {
  readonly #run: string;
  #trainer: Trainer | null = null;
  #session: ReturnType<typeof openSession> | null = null;
  #failure: string | null = null;
  #milliseconds = 0;

  constructor({ run, prepare }: SeriesRun, backend: Backend) {
    this.#run = run;
    this.#guarded(() => {
      const { training, parameters } = prepare();
      this.#session = openSession(training, backend);
      this.#trainer = new Trainer(training, this.#session, parameters);
    });
  }

  /** Trains at least one step, and until a time is reached. @returns true once there is nothing left to train */
  advance(deadline: number): boolean {
    const begun = performance.now();
    this.#guarded(() => {
      const trainer = this.#trainer!;
      do trainer.advance();
      while (trainer.state === 'training' && performance.now() < deadline);
    });
    this.#milliseconds += performance.now() - begun;
    return this.#failure !== null || this.#trainer?.state !== 'training';
  }

  /** What came out; frees what the backend held. */
  result(): TrainingResult {
    const trainer = this.#trainer;
    const seconds = this.#milliseconds / 1000;
    try {
      if (!trainer || this.#failure !== null) return failedResult(this.#run, this.#failure ?? '', seconds);
      const { state, ...batch } = trainer.take();
      const finished = state === 'finished';
      return {
        ...batch,
        run: this.#run,
        state: finished ? state : 'diverged',
        seconds,
        checkpoint: finished ? trainer.checkpoint() : null,
      };
    } finally {
      this.dispose();
    }
  }

  dispose(): void {
    this.#session?.dispose();
  }

  #guarded(action: () => void): void {
    if (this.#failure !== null) return;
    try {
      action();
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    }
  }
}

/** The result of a run that could not be trained, with the sentence that says why. */
export const failedResult = (run: string, message: string, seconds = 0): TrainingResult => ({
  run,
  state: 'failed',
  step: 0,
  from: 0,
  count: 0,
  rows: {},
  frames: [],
  message,
  seconds,
  checkpoint: null,
});

const sizeOf = ({ rows, frames, checkpoint }: TrainingResult): number =>
  [
    ...Object.values(rows),
    ...frames.map(({ values }) => values),
    ...Object.values(checkpoint?.arrays ?? {}).map(({ values }) => values),
  ].reduce((bytes, { byteLength }) => bytes + byteLength, 0);
