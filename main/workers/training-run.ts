import type { BackendName, Checkpoint } from '#app/engine/types.ts';
import type { Parameters } from '#app/experiments/experiment.ts';
import type { InputOf } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { hostOf } from './backends.ts';
import type { EngineContract, TrainingBatch } from './engine-contract.ts';
import type { Engine } from './engines.ts';
import type { Priority } from './queue.ts';
import type { Job, Scheduler, Slot } from './scheduler.ts';

/** Batches that may be on their way from an engine: enough that it never waits for the disk's usual delays. */
const batchesInFlight = 4;

export interface TrainingStart {
  readonly run: string;
  readonly experiment: string;
  readonly parameters: Parameters;
  readonly backend: BackendName;
  readonly checkpoint: Checkpoint | null;
  readonly paused: boolean;
  /** How it ranks while nobody watches it; `started` unless told. */
  readonly priority?: 'started' | 'background';
}

export type OnBatch = (batch: TrainingBatch) => Promise<void> | void;

/** A run that trains, waits for a slot, or is paused in an engine. */
export class TrainingRun implements Job {
  readonly run: string;
  readonly start: TrainingStart;
  readonly sequence: number;
  /** Settles when the run has ended: rejected with `crashed` if its engine did. */
  readonly done: Promise<void>;
  home: Slot | null = null;
  begun = false;
  /**
   * `waiting` for a slot, `active` on one, `leaving` while its engine hands it back, `parked` while paused in its engine, `over`.
   * Whoever waits with a `home` is kept by the engine of that slot meanwhile.
   */
  #place: 'waiting' | 'active' | 'leaving' | 'parked' | 'over' = 'waiting';
  #watched = false;
  #engine: Engine | null = null;
  #halting = false;
  #turn: (slot: Slot | null) => void = () => undefined;
  /** Settles when its engine knows of it, so that what it is told finds it. */
  #known: Promise<void> = Promise.resolve();
  #isKnown: () => void = () => undefined;
  #left: Promise<void> = Promise.resolve();
  #hasLeft: () => void = () => undefined;
  readonly #scheduler: Scheduler;

  constructor(scheduler: Scheduler, start: TrainingStart, onBatch: OnBatch) {
    this.#scheduler = scheduler;
    this.start = start;
    this.run = start.run;
    this.sequence = scheduler.arrival();
    this.done = this.#follow(onBatch);
  }

  get priority(): Priority {
    return this.#watched ? 'watched' : (this.start.priority ?? 'started');
  }

  get leaving(): boolean {
    return this.#place === 'leaving';
  }

  /** Whether somebody looks at the run now. */
  set watched(watched: boolean) {
    this.#watched = watched;
    this.#scheduler.schedule();
  }

  /**
   * Asks for a pause; a last batch `paused` tells when it is reached. A run that waits has no such batch:
   * `parked` if an engine holds it already, `not begun` if none does.
   */
  async pause(): Promise<'asked' | 'parked' | 'not begun'> {
    await this.#left;
    if (this.#place === 'waiting') {
      this.#scheduler.dequeue(this);
      if (!this.home) return 'not begun';
      this.#place = 'parked';
      return 'parked';
    }
    this.#halting = true;
    await this.#control('pause');
    return 'asked';
  }

  /** Goes on as soon as a slot is free. */
  resume(): void {
    if (this.#place === 'parked') {
      this.#place = 'waiting';
      this.#scheduler.enqueue(this);
    } else if (this.#place === 'active') {
      // A pause that was asked for but not reached yet is taken back.
      this.#halting = false;
      void this.#control('resume').catch(() => undefined);
    }
  }

  /** Takes steps of a paused run. */
  async step(count: number): Promise<void> {
    await this.#control('step', count);
  }

  /** Ends it, with a last batch `stopped` if it had begun. */
  async stop(): Promise<void> {
    await this.#left;
    if (this.#place === 'over') return;
    if (this.#place === 'waiting' && !this.home) {
      this.#scheduler.dequeue(this);
      this.#place = 'over';
      this.#turn(null);
    } else {
      this.#halting = true;
      await this.#control('stop');
    }
  }

  begin(slot: Slot): void {
    this.#place = 'active';
    if (this.home) {
      void this.#control('resume').catch(() => undefined);
    } else {
      this.#known = new Promise((resolve) => (this.#isKnown = resolve));
      this.#turn(slot);
    }
  }

  giveWay(): void {
    if (this.#halting || this.#place === 'leaving') return;
    this.#place = 'leaving';
    this.#left = new Promise((resolve) => (this.#hasLeft = resolve));
    void this.#control('give way').catch(() => undefined);
  }

  async #control(action: InputOf<EngineContract['train.control']>['action'], count = 1): Promise<void> {
    await this.#known;
    if (!this.#engine)
      throw new LotkaError('conflict', `Run ${this.run} waits for a free worker; it can be stopped, or go on when its turn comes.`);
    await this.#engine.client.call('train.control', { run: this.run, action, count });
  }

  async #follow(onBatch: OnBatch): Promise<void> {
    let from = { checkpoint: this.start.checkpoint, settled: false, paused: this.start.paused };
    let turn = this.#wait();
    for (;;) {
      const slot = await turn;
      if (!slot) return;
      const reached = await this.#train(slot, from, onBatch);
      if (!reached) return;
      from = { checkpoint: reached.checkpoint, settled: true, paused: false };
      turn = reached.turn;
    }
  }

  #wait(): Promise<Slot | null> {
    const turn = new Promise<Slot | null>((resolve) => (this.#turn = resolve));
    this.#place = 'waiting';
    this.#scheduler.enqueue(this);
    return turn;
  }

  /** Trains in one slot until the run ends (null) or gives way. */
  async #train(
    slot: Slot,
    from: { checkpoint: Checkpoint | null; settled: boolean; paused: boolean },
    onBatch: OnBatch,
  ): Promise<{ checkpoint: Checkpoint; turn: Promise<Slot | null> } | null> {
    const { run, experiment, backend } = this.start;
    const parameters = this.start.parameters as InputOf<EngineContract['train']>['parameters'];
    this.home = slot;
    this.begun = true;
    let engine: Engine | null = null;
    let checkpoint: Checkpoint | null = null;
    try {
      engine = slot.engines.of(hostOf(backend));
      this.#engine = engine;
      const input = { run, experiment, parameters, backend, ...from };
      // The loop opens the stream before the next microtask.
      void Promise.resolve().then(this.#isKnown);
      for await (const batch of engine.client.stream('train', input, { credit: batchesInFlight })) {
        if (batch.state === 'paused') this.#park(slot);
        else if (this.#place === 'parked' && slot.holder === null) this.#occupy(slot);
        await onBatch(batch);
        if (batch.state === 'waiting') checkpoint = batch.checkpoint?.state ?? null;
      }
    } catch (error) {
      throw engine?.alive === false ? engine.crash() : error;
    } finally {
      this.#scheduler.dequeue(this);
      this.#engine = null;
      this.home = null;
      this.#place = 'over';
      this.#scheduler.release(slot, this);
      this.#isKnown();
      // Who waits for this goes on in a later turn, when the place is known.
      this.#hasLeft();
    }
    return checkpoint && { checkpoint, turn: this.#wait() };
  }

  /** A paused run that takes steps holds its slot meanwhile, and keeps it until it is paused again. */
  #occupy(slot: Slot): void {
    slot.holder = this;
    this.#place = 'active';
    this.#halting = true;
  }

  #park(slot: Slot): void {
    this.#halting = false;
    // One that waits to go on keeps its place in the queue when an older pause is reported.
    if (this.#place === 'active') this.#place = 'parked';
    this.#scheduler.release(slot, this);
  }
}
