import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MessageChannel, Worker } from 'node:worker_threads';
import type { Checkpoint } from '#app/engine/types.ts';
import type { ClaimOutcome, Parameters, Quantity } from '#app/experiments/experiment.ts';
import { connect } from '#app/protocol/client.ts';
import type { CallOptions, Client, InputOf, Wire } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';
import { packageRoot } from '#main/paths.ts';
import { engineContract, type EngineContract, type TrainingBatch } from './engine-contract.ts';

/** Batches that may be on their way from a worker: enough that it never waits for the disk's usual delays. */
const batchesInFlight = 4;

export interface WorkerHandle {
  readonly wire: Wire;
  terminate(): void;
  /** Why it ended, once it has, if it said so. */
  reason(): string | null;
}

export interface PoolOptions {
  /** Runs that train at once; `LOTKA_WORKERS` or the number of cores unless told. */
  readonly size?: number;
  /** Starts a worker; the built `engine-worker.js` unless told. */
  readonly spawn?: () => WorkerHandle;
}

/** One worker thread with its client. */
interface Engine {
  readonly handle: WorkerHandle;
  readonly client: Client<EngineContract>;
  alive: boolean;
}

interface Slot {
  engine: Engine | null;
  /** The run that trains on it; paused ones stay in the worker's memory but leave the slot. */
  running: TrainingRun | null;
}

export interface TrainingStart {
  readonly run: string;
  readonly experiment: string;
  readonly parameters: Parameters;
  readonly checkpoint: Checkpoint | null;
  readonly paused: boolean;
}

/** The built worker: beside the bundle this code is in (or above, if it is in a chunk), else in the package's build. */
function workerFile(): string {
  const name = 'engine-worker.js';
  const here = dirname(fileURLToPath(import.meta.url));
  return [join(here, name), join(here, '..', name)].find((file) => existsSync(file)) ?? join(packageRoot(), 'dist', 'main', name);
}

/** Starts the engine worker of the build, or another file that speaks the same. */
export function spawnWorker(file = workerFile()): WorkerHandle {
  const { port1, port2 } = new MessageChannel();
  const worker = new Worker(file, { workerData: port2, transferList: [port2], name: 'engine' });
  let reason: string | null = null;
  worker.on('error', (error: Error) => (reason = error.message));
  worker.on('exit', () => port1.close());
  return { wire: portWire(port1 as unknown as EventPort), terminate: () => void worker.terminate(), reason: () => reason };
}

/** Number of workers: `LOTKA_WORKERS`, else one a core. @throws LotkaError `bad-input` for anything but 1 to 256. */
export function workerCount(environment: NodeJS.ProcessEnv = process.env): number {
  const given = environment.LOTKA_WORKERS;
  if (given === undefined || given === '') return availableParallelism();
  const count = Number(given);
  if (!Number.isInteger(count) || count < 1 || count > 256)
    throw new LotkaError('bad-input', `LOTKA_WORKERS = ${given} cannot be used: it is a whole number from 1 to 256.`);
  return count;
}

/** A run that trains, waits for a worker, or is paused in one. */
export class TrainingRun {
  readonly run: string;
  slot: Slot | null = null;
  engine: Engine | null = null;
  /** `waiting` for a slot, `active` on one, `parked` while paused, `over`. */
  place: 'waiting' | 'active' | 'parked' | 'over' = 'waiting';
  readonly start: TrainingStart;
  private readonly pool: Pool;

  constructor(pool: Pool, start: TrainingStart) {
    this.pool = pool;
    this.start = start;
    this.run = start.run;
  }

  /**
   * Asks for a pause; a last batch `paused` tells when it is reached. A run that waits has no such batch:
   * `parked` if its worker holds it already, `not begun` if it never had one.
   */
  async pause(): Promise<'asked' | 'parked' | 'not begun'> {
    if (this.place === 'waiting') return this.pool.withdraw(this) ? 'parked' : 'not begun';
    await this.control('pause', 1);
    return 'asked';
  }

  /** Goes on as soon as its worker is free. */
  resume(): void {
    if (this.place === 'parked') this.pool.enqueue(this);
    // A pause that was asked for but not reached yet is taken back.
    else if (this.place === 'active') void this.control('resume', 1).catch(() => undefined);
  }

  async step(count: number): Promise<void> {
    await this.control('step', count);
  }

  /** Ends it, with a last batch `stopped` if it had begun. */
  async stop(): Promise<void> {
    if (this.slot) await this.control('stop', 1);
    else this.pool.forget(this);
  }

  async control(action: InputOf<EngineContract['train.control']>['action'], count: number): Promise<void> {
    if (!this.engine)
      throw new LotkaError('conflict', `Run ${this.run} waits for a free worker; it can be stopped, or go on when its turn comes.`);
    await this.engine.client.call('train.control', { run: this.run, action, count });
  }
}

/**
 * Engine workers: as many runs train at once as there are slots, others wait in order; measures have a worker of
 * their own so that they never delay a training. A crashed worker is replaced when next needed.
 */
export class Pool {
  readonly size: number;
  private readonly spawn: () => WorkerHandle;
  private readonly slots: Slot[];
  private readonly waiting: TrainingRun[] = [];
  private readonly starters = new Map<TrainingRun, () => void>();
  private analyst: Engine | null = null;
  private closed = false;

  constructor(options: PoolOptions = {}) {
    this.size = options.size ?? workerCount();
    this.spawn = options.spawn ?? spawnWorker;
    this.slots = Array.from({ length: this.size }, () => ({ engine: null, running: null }));
  }

  /** Starts the first workers before they are needed. */
  warm(): void {
    this.engineOf(this.slots[0]!);
  }

  /**
   * Trains a run. Batches are handed on in order, and the worker slows down if `onBatch` is slow.
   * @returns The run's controls and a promise that settles when it has ended: rejected with `crashed` if its worker did.
   */
  train(start: TrainingStart, onBatch: (batch: TrainingBatch) => Promise<void> | void): { training: TrainingRun; done: Promise<void> } {
    const training = new TrainingRun(this, start);
    const done = this.follow(training, onBatch);
    this.enqueue(training);
    return { training, done };
  }

  async measure(
    folder: string,
    measure: string,
    options: InputOf<EngineContract['measure']>['options'],
    signal?: AbortSignal,
  ): Promise<{ result: unknown; quantities: Quantity[] }> {
    const answer = await this.analyse(signal, (client, cancel, call) => client.call('measure', { folder, measure, options, cancel }, call));
    return answer as { result: unknown; quantities: Quantity[] };
  }

  checkpointAt(folder: string, step: number, signal?: AbortSignal): Promise<Checkpoint> {
    return this.analyse(signal, (client, cancel, call) => client.call('checkpoint.at', { folder, step, cancel }, call));
  }

  checkClaim(experiment: string, claim: string, folders: string[], signal?: AbortSignal): Promise<ClaimOutcome> {
    return this.analyse(signal, (client, cancel, call) => client.call('claim.check', { experiment, claim, folders, cancel }, call));
  }

  close(): void {
    this.closed = true;
    for (const slot of this.slots) slot.engine?.handle.terminate();
    this.analyst?.handle.terminate();
  }

  enqueue(training: TrainingRun): void {
    training.place = 'waiting';
    this.waiting.push(training);
    this.schedule();
  }

  /** Takes a run out of the queue. False if it never had a worker. */
  withdraw(training: TrainingRun): boolean {
    if (!training.slot) return false;
    this.dropQueued(training);
    training.place = 'parked';
    return true;
  }

  forget(training: TrainingRun): void {
    this.dropQueued(training);
    training.place = 'over';
    this.starters.get(training)?.();
  }

  private async follow(training: TrainingRun, onBatch: (batch: TrainingBatch) => Promise<void> | void): Promise<void> {
    await new Promise<void>((resolve) => this.starters.set(training, resolve));
    this.starters.delete(training);
    if (!training.slot) return;
    const slot = training.slot;
    const engine = this.engineOf(slot);
    training.engine = engine;
    const { start } = training;
    try {
      const parameters = start.parameters as InputOf<EngineContract['train']>['parameters'];
      for await (const batch of engine.client.stream('train', { ...start, parameters }, { credit: batchesInFlight })) {
        if (batch.state === 'paused') this.leave(training, 'parked');
        else if (training.place === 'parked' && slot.running === null) this.occupy(training, slot);
        await onBatch(batch);
      }
    } catch (error) {
      throw engine.alive ? error : crashed(engine);
    } finally {
      this.dropQueued(training);
      this.leave(training, 'over');
    }
  }

  private occupy(training: TrainingRun, slot: Slot): void {
    slot.running = training;
    training.place = 'active';
  }

  private dropQueued(training: TrainingRun): void {
    const index = this.waiting.indexOf(training);
    if (index >= 0) this.waiting.splice(index, 1);
  }

  private leave(training: TrainingRun, place: 'parked' | 'over'): void {
    // A run that is waiting to go on keeps its place in the queue when an older pause is reported.
    if (training.place === 'active' || place === 'over') training.place = place;
    if (training.slot?.running === training) training.slot.running = null;
    this.schedule();
  }

  private schedule(): void {
    if (this.closed) return;
    for (const training of [...this.waiting]) {
      const slot = training.slot ?? this.slots.find((candidate) => candidate.running === null);
      if (!slot || slot.running) continue;
      this.waiting.splice(this.waiting.indexOf(training), 1);
      this.occupy(training, slot);
      const begun = training.slot !== null;
      training.slot = slot;
      if (begun) training.control('resume', 1).catch(() => undefined);
      else this.starters.get(training)?.();
    }
  }

  private engineOf(slot: Slot): Engine {
    if (!slot.engine?.alive) slot.engine = this.startEngine();
    return slot.engine;
  }

  private startEngine(): Engine {
    const handle = this.spawn();
    const engine: Engine = { handle, client: connect(handle.wire, engineContract), alive: true };
    engine.client.onClose(() => (engine.alive = false));
    return engine;
  }

  private async analyse<T>(
    signal: AbortSignal | undefined,
    ask: (client: Client<EngineContract>, cancel: Int32Array, options: CallOptions) => Promise<T>,
  ): Promise<T> {
    if (signal?.aborted) throw new LotkaError('cancelled', 'It was cancelled.');
    if (!this.analyst?.alive) this.analyst = this.startEngine();
    const engine = this.analyst;
    const cancel = new Int32Array(new SharedArrayBuffer(4));
    const abort = (): void => void Atomics.store(cancel, 0, 1);
    signal?.addEventListener('abort', abort);
    try {
      return await ask(engine.client, cancel, { signal });
    } catch (error) {
      throw engine.alive ? error : crashed(engine);
    } finally {
      signal?.removeEventListener('abort', abort);
    }
  }
}

function crashed(engine: Engine): LotkaError {
  const reason = engine.handle.reason();
  return new LotkaError('crashed', `An engine worker ended unexpectedly${reason ? ` (${reason})` : ''}; a new one takes its place.`);
}
