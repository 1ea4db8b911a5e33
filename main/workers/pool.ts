import type { BackendName } from '#app/engine/types.ts';
import type { ClaimOutcome, Quantity } from '#app/experiments/experiment.ts';
import type { CallOptions, Client, InputOf, ItemOf } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { describeBackend, hostOf, type EngineHost } from './backends.ts';
import type { EngineContract, StateAtStep } from './engine-contract.ts';
import { Engines } from './engines.ts';
import { spawnEngine } from './process-handle.ts';
import { Scheduler, type Slot } from './scheduler.ts';
import { TrainingGroup, type GroupStart, type OnResults } from './training-group.ts';
import { TrainingRun, type OnBatch, type TrainingStart } from './training-run.ts';
import { workerCount, type WorkerHandle } from './worker-handle.ts';

export interface PoolOptions {
  /** Runs that train at once; `LOTKA_WORKERS` or the number of cores unless told. */
  readonly size?: number;
  /** Starts an engine; the built worker unless told. */
  readonly spawn?: (host: EngineHost) => WorkerHandle;
}

/** What a measure found. `note` qualifies it in a sentence, or is null. */
export interface MeasureAnswer {
  readonly result: unknown;
  readonly quantities: Quantity[];
  readonly note: string | null;
}

/**
 * Engine workers: as many runs train at once as there are slots, others wait in the order of `queue.ts`; measures have an
 * engine of their own so that they never delay a training. A crashed engine is replaced when next needed.
 */
export class Pool {
  readonly size: number;
  readonly #slots: readonly Slot[];
  readonly #scheduler: Scheduler;
  readonly #analyst: Engines;
  readonly #spawn: (host: EngineHost) => WorkerHandle;

  constructor(options: PoolOptions = {}) {
    this.size = options.size ?? workerCount();
    const spawn = (this.#spawn = options.spawn ?? spawnEngine);
    this.#slots = Array.from({ length: this.size }, (_, number) => ({ number, engines: new Engines(spawn), holder: null }));
    this.#scheduler = new Scheduler(this.#slots);
    this.#analyst = new Engines(spawn);
  }

  /** Starts the first worker before it is needed. */
  warm(): void {
    this.#slots[0]!.engines.of('thread');
  }

  /** Trains a run. Batches are handed on in order, and the engine slows down if `onBatch` is slow. */
  train(start: TrainingStart, onBatch: OnBatch): TrainingRun {
    return new TrainingRun(this.#scheduler, start, onBatch);
  }

  /**
   * Trains many small runs, several in one call, each to the bits it has alone. When an engine dies, what it had not told is
   * trained again.
   */
  trainMany(start: GroupStart, onResults: OnResults): TrainingGroup {
    return new TrainingGroup(this.#scheduler, start, onResults);
  }

  /** @param backend the run's own, which replays what the measure wants to see */
  async measure(
    { folder, backend, measure, options }: { folder: string; backend: BackendName; measure: string; options: Options },
    signal?: AbortSignal,
  ): Promise<MeasureAnswer> {
    const answer = await this.#analyse([backend], signal, (client, cancel, call) =>
      client.call('measure', { folder, measure, options, cancel }, call),
    );
    return answer as MeasureAnswer;
  }

  /** The state of a run after exactly `step` updates. */
  checkpointAt(folder: string, backend: BackendName, step: number, signal?: AbortSignal): Promise<StateAtStep> {
    return this.#analyse([backend], signal, (client, cancel, call) => client.call('checkpoint.at', { folder, step, cancel }, call));
  }

  /** Checks a claim on runs, in the order of its plan. */
  checkClaim(
    { experiment, claim, folders, backends }: { experiment: string; claim: string; folders: string[]; backends: readonly BackendName[] },
    signal?: AbortSignal,
  ): Promise<ClaimOutcome> {
    return this.#analyse(backends, signal, (client, cancel, call) =>
      client.call('claim.check', { experiment, claim, folders, cancel }, call),
    );
  }

  /** Times training on several backends, in an engine of its own that is gone afterwards; the last item has the result. */
  async *measureSpeed(request: SpeedRequest, signal?: AbortSignal): AsyncGenerator<ItemOf<EngineContract['speed']>> {
    const engines = new Engines(this.#spawn);
    const ready = (await Promise.all(request.backends.map(describeBackend))).filter(({ state }) => state === 'ready');
    const engine = engines.of(ready.some(({ name }) => hostOf(name) === 'process') ? 'process' : 'thread');
    try {
      yield* engine.client.stream('speed', request, { signal });
    } catch (error) {
      throw engine.alive ? error : engine.crash();
    } finally {
      engines.terminate();
    }
  }

  close(): void {
    this.#scheduler.close();
    for (const { engines } of this.#slots) engines.terminate();
    this.#analyst.terminate();
  }

  async #analyse<T>(
    backends: readonly BackendName[],
    signal: AbortSignal | undefined,
    ask: (client: Client<EngineContract>, cancel: Int32Array | null, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw new LotkaError('cancelled', 'It was cancelled.');
    const host = backends.map(hostOf).includes('process') ? 'process' : 'thread';
    const engine = this.#analyst.of(host);
    const cancel = host === 'thread' ? new Int32Array(new SharedArrayBuffer(4)) : null;
    const abort = (): void => void (cancel && Atomics.store(cancel, 0, 1));
    signal?.addEventListener('abort', abort);
    try {
      return await ask(engine.client, cancel, { signal });
    } catch (error) {
      throw engine.alive ? error : engine.crash();
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}

type SpeedRequest = InputOf<EngineContract['speed']>;
type Options = InputOf<EngineContract['measure']>['options'];
