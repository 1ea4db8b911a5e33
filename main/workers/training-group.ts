import type { BackendName } from '#app/engine/types.ts';
import type { Parameters } from '#app/experiments/experiment.ts';
import type { InputOf } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { hostOf } from './backends.ts';
import type { EngineContract, TrainingResult } from './engine-contract.ts';
import type { Engine } from './engines.ts';
import type { Priority } from './queue.ts';
import type { Job, Scheduler, Slot } from './scheduler.ts';
import { failedResult } from './training-series.ts';

/** A small run of a group. It begins at step 0 and is trained to its end. */
export interface GroupRun {
  /** Names its result; unique in the group. */
  readonly run: string;
  readonly experiment: string;
  readonly parameters: Parameters;
}

export interface GroupStart {
  readonly backend: BackendName;
  readonly runs: readonly GroupRun[];
  /** `background` unless told. */
  readonly priority?: Priority;
  /** `outcomes`: only what runs came to leaves the engines. `all` unless told. */
  readonly keep?: 'all' | 'outcomes';
  /** Bytes of memory that one run may take; one that needs more is failed before its first step. Any number unless told. */
  readonly bytesPerRun?: number;
}

/**
 * Results in the order in which they come; each run has exactly one. A slow receiver slows the engines down.
 * @param slot number of the slot that trained them, from 0
 */
export type OnResults = (results: readonly TrainingResult[], slot: number) => Promise<void> | void;

/** One call is to last about so long: long enough to be free of overhead, short enough that others get their turn. */
const callMilliseconds = 1000;
const firstCall = 4;
/** Messages of results on their way from an engine. */
const resultsInFlight = 2;
/** A run whose engine died so often is given up: it may be the cause. */
const crashesAllowed = 2;

/** Many small runs, trained several in one call by as many engines as are free. */
export class TrainingGroup {
  /** Settles when every run has its result; rejected with `cancelled`, or with what `onResults` threw. */
  readonly done: Promise<void>;
  readonly #scheduler: Scheduler;
  readonly #start: Required<Pick<GroupStart, 'backend' | 'keep'>> & { readonly bytesPerRun: number | null };
  readonly #onResults: OnResults;
  readonly #lanes: readonly Lane[];
  readonly #crashes = new Map<GroupRun, number>();
  /** By slot, the runs of its call that have no result. */
  readonly #portions = new Map<Slot, Map<string, GroupRun>>();
  #waiting: GroupRun[];
  #unfinished: number;
  #priority: Priority;
  #callSize = firstCall;
  #over = false;
  #settle!: { readonly resolve: () => void; readonly reject: (error: unknown) => void };

  constructor(
    scheduler: Scheduler,
    { backend, runs, priority = 'background', keep = 'all', bytesPerRun }: GroupStart,
    onResults: OnResults,
  ) {
    this.#scheduler = scheduler;
    this.#start = { backend, keep, bytesPerRun: bytesPerRun ?? null };
    this.#onResults = onResults;
    this.#priority = priority;
    this.#waiting = [...runs];
    this.#unfinished = runs.length;
    this.#lanes = Array.from({ length: Math.min(scheduler.size, runs.length) }, () => new Lane(this, scheduler));
    this.done = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    this.goOn();
  }

  get priority(): Priority {
    return this.#priority;
  }

  set priority(priority: Priority) {
    this.#priority = priority;
    this.#scheduler.schedule();
  }

  /** What each slot trains at this moment, as far as its engine told: of its portion the first run that has no result. */
  get training(): { readonly run: GroupRun; readonly slot: number }[] {
    return [...this.#portions].flatMap(([{ number: slot }, portion]) => {
      const run = portion.values().next().value;
      return run ? [{ run, slot }] : [];
    });
  }

  /** Ends it now; engines hear of it within a slice. */
  cancel(): void {
    this.fail(new LotkaError('cancelled', 'It was cancelled.'));
  }

  /** The same for a reason, which `done` is rejected with. */
  readonly fail = (error: unknown): void => {
    this.#over = true;
    this.#waiting = [];
    for (const lane of this.#lanes) lane.leave();
    this.#settle.reject(error);
  };

  /** Trains some of the runs in a slot; those that have no result when `signal` aborts or the engine dies wait again. */
  async train(slot: Slot, signal: AbortSignal): Promise<void> {
    const runs = this.#portion();
    const missing = new Map(runs.map((run) => [run.run, run]));
    this.#portions.set(slot, missing);
    const begun = performance.now();
    let engine: Engine | null = null;
    try {
      engine = slot.engines.of(hostOf(this.#start.backend));
      const input = { ...this.#start, runs: runs.map(plain) };
      for await (const { results } of engine.client.stream('train.many', input, { signal, credit: resultsInFlight })) {
        for (const { run } of results) missing.delete(run);
        await this.#deliver(results, slot);
      }
      this.#adapt(runs.length - missing.size, performance.now() - begun);
    } catch (error) {
      if (engine?.alive === false) await this.#afterCrash(missing, engine.crash(), slot);
      else this.fail(error);
    }
    this.#portions.delete(slot);
    if (!this.#over) this.#waiting.unshift(...missing.values());
  }

  /** Lets idle lanes wait for slots while runs wait, and ends the group when every run has its result. */
  goOn(): void {
    if (this.#over) return;
    if (this.#unfinished > 0) {
      for (const lane of this.#lanes.slice(0, this.#waiting.length)) lane.wait();
    } else {
      this.#over = true;
      this.#settle.resolve();
    }
  }

  /** The next runs for one call: fewer towards the end, so that all engines end together; what was lost with an engine alone. */
  #portion(): GroupRun[] {
    const fair = Math.ceil(this.#waiting.length / this.#lanes.length);
    const suspect = this.#waiting.findIndex((run) => this.#crashes.has(run));
    return this.#waiting.splice(0, Math.max(1, Math.min(this.#callSize, fair, suspect < 0 ? Infinity : suspect)));
  }

  #adapt(trained: number, milliseconds: number): void {
    if (trained === 0) return;
    this.#callSize = Math.max(1, Math.min(2 * this.#callSize, Math.round((callMilliseconds * trained) / Math.max(1, milliseconds))));
  }

  async #deliver(results: readonly TrainingResult[], slot: Slot): Promise<void> {
    if (this.#over) return;
    this.#unfinished -= results.length;
    try {
      await this.#onResults(results, slot.number);
    } catch (error) {
      this.fail(error);
    }
  }

  /** Any of the lost runs may have ended the engine: one that is lost again and again gets the crash as its result. */
  async #afterCrash(lost: Map<string, GroupRun>, crash: LotkaError, slot: Slot): Promise<void> {
    for (const run of [...lost.values()]) {
      const crashes = (this.#crashes.get(run) ?? 0) + 1;
      this.#crashes.set(run, crashes);
      if (crashes <= crashesAllowed) continue;
      lost.delete(run.run);
      await this.#deliver([failedResult(run.run, crash.message)], slot);
    }
  }
}

/** A run as it crosses to an engine: parameters may be computed only when they are asked for. */
const plain = ({ run, experiment, parameters }: GroupRun): InputOf<EngineContract['train.many']>['runs'][number] => ({
  run,
  experiment,
  parameters: parameters as InputOf<EngineContract['train.many']>['runs'][number]['parameters'],
});

/** One of the slots that a group uses at once. Between two calls it waits its turn again, so that a long group blocks nobody. */
class Lane implements Job {
  readonly sequence: number;
  readonly begun = false;
  readonly home = null;
  readonly #group: TrainingGroup;
  readonly #scheduler: Scheduler;
  #state: 'idle' | 'waiting' | 'active' = 'idle';
  #controller = new AbortController();

  constructor(group: TrainingGroup, scheduler: Scheduler) {
    this.#group = group;
    this.#scheduler = scheduler;
    this.sequence = scheduler.arrival();
  }

  get priority(): Priority {
    return this.#group.priority;
  }

  get leaving(): boolean {
    return this.#state === 'active' && this.#controller.signal.aborted;
  }

  wait(): void {
    if (this.#state !== 'idle') return;
    this.#state = 'waiting';
    this.#scheduler.enqueue(this);
  }

  begin(slot: Slot): void {
    this.#state = 'active';
    this.#controller = new AbortController();
    void this.#group.train(slot, this.#controller.signal).then(() => {
      this.#state = 'idle';
      this.#scheduler.release(slot, this);
      this.#group.goOn();
    });
  }

  giveWay(): void {
    this.#controller.abort();
  }

  leave(): void {
    if (this.#state === 'waiting') {
      this.#scheduler.dequeue(this);
      this.#state = 'idle';
    }
    this.#controller.abort();
  }
}
