import type { Backend } from '#app/engine/index.ts';
import type { Experiment, Parameters, Training } from '#app/experiments/experiment.ts';
import { MemoryRun } from '#app/runs/memory-run.ts';
import { finiteOutcomes } from '#app/runs/record.ts';
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
  readonly prepare: () => Prepared;
}

interface Prepared {
  readonly experiment: Pick<Experiment, 'id' | 'outcomesOf'>;
  readonly training: Training;
  readonly parameters: Parameters;
}

/**
 * Trains runs one after the other, each exactly as it is trained alone, and yields what came out of several together.
 * Listens between slices of 25 ms.
 * @param keep `outcomes`: what a run recorded is dropped once it is known what it came to
 */
export async function* trainInSeries(
  runs: readonly SeriesRun[],
  keep: 'all' | 'outcomes',
  backend: Backend,
  signal: AbortSignal,
): AsyncGenerator<TrainingResult[]> {
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
    const result = training.result(keep);
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
  #prepared: Prepared | null = null;
  #trainer: Trainer | null = null;
  #session: ReturnType<typeof openSession> | null = null;
  #failure: string | null = null;
  #milliseconds = 0;

  constructor({ run, prepare }: SeriesRun, backend: Backend) {
    this.#run = run;
    this.#guarded(() => {
      const { training, parameters } = (this.#prepared = prepare());
      this.#session = openSession(training, backend);
      this.#trainer = new Trainer(training, this.#session, parameters);
    });
  }

  /** Trains at least one step, and until a time is reached. @returns true once there is nothing left to train */
  advance(deadline: number): boolean {
    this.#guarded(() => {
      const trainer = this.#trainer!;
      do trainer.advance();
      while (trainer.state === 'training' && performance.now() < deadline);
    });
    return this.#failure !== null || this.#trainer?.state !== 'training';
  }

  /** What came out, and what it took from building the network to knowing what it came to; frees what the backend held. */
  result(keep: 'all' | 'outcomes'): TrainingResult {
    const recorded = this.#guarded(() => this.#recorded(keep));
    this.dispose();
    const seconds = this.#milliseconds / 1000;
    return recorded ? { ...recorded, seconds } : failedResult(this.#run, this.#failure ?? '', seconds);
  }

  #recorded(keep: 'all' | 'outcomes'): Omit<TrainingResult, 'seconds'> {
    const { experiment, training, parameters } = this.#prepared!;
    const { state, ...batch } = this.#trainer!.take();
    const run = new MemoryRun({ id: this.#run, experiment: experiment.id, parameters }, training);
    run.append({ state, ...batch });
    const finished = state === 'finished';
    return {
      ...batch,
      ...(keep === 'outcomes' ? { rows: {}, frames: [] } : {}),
      run: this.#run,
      state: finished ? state : 'diverged',
      checkpoint: finished && keep === 'all' ? this.#trainer!.checkpoint() : null,
      outcomes: finiteOutcomes(experiment.outcomesOf(run)),
    };
  }

  dispose(): void {
    this.#session?.dispose();
  }

  /** Does what takes time; undefined once something failed. */
  #guarded<T>(action: () => T): T | undefined {
    if (this.#failure !== null) return undefined;
    const begun = performance.now();
    try {
      return action();
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
      return undefined;
    } finally {
      this.#milliseconds += performance.now() - begun;
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
  outcomes: {},
});

const sizeOf = ({ rows, frames, checkpoint }: TrainingResult): number =>
  [
    ...Object.values(rows),
    ...frames.map(({ values }) => values),
    ...Object.values(checkpoint?.arrays ?? {}).map(({ values }) => values),
  ].reduce((bytes, { byteLength }) => bytes + byteLength, 0);
