import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepPlace, SweepRecord, SweepStatus, SweepWorker, TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import { pointsOf } from '#app/sweeps/points.ts';
import { nextTrials, trialName, trialParameters, type Plan } from '#app/sweeps/trials.ts';
import type { SweepBackend, SweepEvent, SweepWork } from './backend.ts';
import { record as recordResult, type ResultsFile } from './folder.ts';
import { counted, type SweepStore } from './sweep-store.ts';

export interface SweepParts {
  readonly store: SweepStore;
  readonly experiment: Experiment;
  /** Told of everything new; `listed` when lists show something else than before. */
  readonly changed: (sweep: Sweep, listed: boolean) => void;
}

/** What a sweep becomes when it stops training. */
export interface Ending {
  readonly status: SweepStatus;
  /** Sentence for people, or null when there is nothing to explain. */
  readonly message: string | null;
}

/** What is needed to train on. */
export interface Means {
  /** Checked already; closed when the sweep stops. */
  readonly backend: SweepBackend;
  /** Build of what computes the trials. */
  readonly engine: string;
  readonly lotka: string;
}

/** The record of a sweep that trains is written so often; results are written at once. */
const saveMilliseconds = 2000;

/** One sweep with its results in memory. It plans, hands trials to a backend, and records what comes back, once. */
export class Sweep {
  readonly experiment: Experiment;
  /** Where it trains, with the secrets that its record does not have. */
  place: SweepPlace;
  /** In the order in which they were recorded; a trial that failed may be here again. */
  log: TrialResult[];
  /** Changes when `log` does not go on from what it was. */
  epoch = 0;
  training: readonly TrialKey[] = [];
  workers: readonly SweepWorker[] = [];
  #record: SweepRecord;
  #results: Map<string, TrialResult>;
  readonly #parts: SweepParts;
  readonly #retried = new Set<string>();
  #controller: AbortController | null = null;
  #whenHalted: Ending = { status: 'paused', message: null };
  #over: Promise<void> = Promise.resolve();
  #saving: Promise<void> = Promise.resolve();
  #begun = { time: 0, results: 0 };

  constructor(record: SweepRecord, place: SweepPlace, parts: SweepParts) {
    this.#parts = parts;
    this.#results = parts.store.results(record.id);
    this.#record = { ...counted(record, this.#results.values()) };
    this.log = [...this.#results.values()];
    this.experiment = parts.experiment;
    this.place = place;
  }

  get record(): SweepRecord {
    return this.#record;
  }

  /** By `trialName`. */
  get results(): ReadonlyMap<string, TrialResult> {
    return this.#results;
  }

  get busy(): boolean {
    return this.#controller !== null;
  }

  /** Wall time to the end of what is planned, at the rate of this training; null while nothing came out of it. */
  get secondsLeft(): number | null {
    const { planned, done } = this.#record;
    const trained = this.log.length - this.#begun.results;
    if (!this.busy || trained <= 0) return null;
    return ((planned - done + this.#retried.size) * (performance.now() - this.#begun.time)) / 1000 / trained;
  }

  /** Trains until every planned trial has a result. Returns at once; `halted` tells when it stopped. */
  begin(means: Means, message: string | null = null): void {
    if (this.#controller) {
      void means.backend.close();
      return;
    }
    const { signal } = (this.#controller = new AbortController());
    this.#begun = { time: performance.now(), results: this.log.length };
    this.#update({ status: 'running', message });
    const timer = setInterval(() => void this.#save().catch(() => undefined), saveMilliseconds);
    this.#over = this.#train(means, signal)
      .catch((error: unknown) => endingOf(error))
      .then(async (ending) => {
        clearInterval(timer);
        await means.backend.close().catch(() => undefined);
        this.#controller = null;
        [this.training, this.workers] = [[], this.workers.map((worker) => ({ ...worker, state: 'idle' }))];
        await this.change({ ...ending, message: ending.message ?? this.#record.message });
      })
      .catch(() => undefined);
  }

  /** Stops training as `ending`, and resolves when that is written. Does nothing when it does not train. */
  async halt(ending: Ending): Promise<void> {
    this.#whenHalted = ending;
    this.#controller?.abort();
    await this.#over;
  }

  /** Resolves when it does not train. */
  halted(): Promise<void> {
    return this.#over;
  }

  /** Lets failed trials be trained again. @returns how many */
  retry(): number {
    for (const [name, { state }] of this.#results) if (state === 'failed') this.#retried.add(name);
    return this.#retried.size;
  }

  /** Trials without a result at this moment, failed ones only if they are to be trained again. */
  missing(): readonly TrialKey[] {
    return this.#plan().missing;
  }

  /** Gives the complete parameters of a trial. @throws RangeError for a point that the sweep does not have */
  parameters(): (trial: TrialKey) => Parameters {
    const { definition, added } = this.#record;
    const points = pointsOf(this.experiment, definition, added);
    return ({ point, seed }) => trialParameters(this.experiment, definition, points.at(point), seed);
  }

  /** Changes the record, tells it and writes it. */
  async change(patch: Partial<SweepRecord>): Promise<void> {
    this.#update(patch);
    await this.#save();
  }

  async #train({ backend, engine, lotka }: Means, signal: AbortSignal): Promise<Ending> {
    const { id, definition } = this.#record;
    await this.#save();
    const file = this.#parts.store.openResults(id);
    try {
      // An adaptive sweep plans its next round from the results of this one; trials may also be added while others train.
      for (;;) {
        const { missing } = this.#plan();
        const parametersOf = this.parameters();
        if (missing.length === 0) return { status: 'finished', message: null };
        const recorded = this.log.length;
        const work: SweepWork = {
          sweep: id,
          experiment: definition.experiment,
          backend: definition.backend,
          engine,
          lotka,
          keep: definition.keep,
          // Parameters of thousands of trials need not be in memory at once.
          trials: missing.map((key) => ({
            ...key,
            get parameters() {
              return parametersOf(key);
            },
          })),
          secondsPerTrial: this.#secondsPerTrial(),
        };
        await backend.run(work, signal, (event) => this.#take(event, file));
        if (signal.aborted) return this.missing().length === 0 ? { status: 'finished', message: null } : this.#whenHalted;
        if (this.log.length === recorded) throw new LotkaError('internal', `Nothing came back of ${missing.length} trials.`);
      }
    } finally {
      await file.close();
    }
  }

  async #take(event: SweepEvent, file: ResultsFile): Promise<void> {
    if (event.kind === 'training') this.training = event.trials;
    else if (event.kind === 'workers') this.workers = event.workers;
    else await this.#recordResults(event.results, file);
    this.#parts.changed(this, event.kind === 'results');
  }

  /** Exactly once: what has a result already, or is being written by another call, is left out. */
  async #recordResults(results: readonly TrialResult[], file: ResultsFile): Promise<void> {
    const fresh: TrialResult[] = [];
    for (const result of results) {
      const name = trialName(result);
      const known = this.#results.get(name);
      if (known?.state === 'failed' && !this.#retried.delete(name)) continue;
      const numbered = { ...result, attempt: (known?.attempt ?? 0) + result.attempt };
      if (!recordResult(this.#results, numbered)) continue;
      fresh.push(numbered);
      this.#record = withResult(this.#record, numbered, known);
    }
    if (fresh.length === 0) return;
    try {
      await file.append(fresh);
    } catch (error) {
      this.#reload();
      throw error;
    }
    this.log.push(...fresh);
  }

  /** Forgets results that could not be written. */
  #reload(): void {
    this.#results = this.#parts.store.results(this.#record.id);
    this.#record = counted(this.#record, this.#results.values());
    this.log = [...this.#results.values()];
    this.epoch++;
    this.#begun = { time: performance.now(), results: this.log.length };
  }

  #plan(): Plan {
    const counting = this.#retried.size === 0 ? this.#results : new Map([...this.#results].filter(([name]) => !this.#retried.has(name)));
    const plan = nextTrials(this.experiment, this.#record, counting);
    if (plan.planned !== this.#record.planned) this.#update({ planned: plan.planned });
    return plan;
  }

  #secondsPerTrial(): number | null {
    const { done, failed, trainingSeconds } = this.#record;
    return done > failed ? trainingSeconds / (done - failed) : null;
  }

  #update(patch: Partial<SweepRecord>): void {
    this.#record = { ...this.#record, ...patch };
    this.#parts.changed(this, true);
  }

  #save(): Promise<void> {
    this.#saving = this.#saving.catch(() => undefined).then(() => this.#parts.store.save(this.#record));
    return this.#saving;
  }
}

/** Counts of a record after one more result, which may replace a failed one. */
function withResult(record: SweepRecord, result: TrialResult, replaced: TrialResult | undefined): SweepRecord {
  return {
    ...record,
    done: record.done + (replaced ? 0 : 1),
    diverged: record.diverged + (result.state === 'diverged' ? 1 : 0),
    failed: record.failed + (result.state === 'failed' ? 1 : 0) - (replaced ? 1 : 0),
    trainingSeconds: record.trainingSeconds + result.seconds - (replaced?.seconds ?? 0),
  };
}

/** What becomes of a sweep whose backend or disk gave up: everything can be resumed, and the sentence says what helps. */
function endingOf(error: unknown): Ending {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof LotkaError)) return { status: 'failed', message };
  if (error.code === 'disk-full') return { status: 'paused', message: `${message.replace(/\.$/, '')}; the sweep is paused.` };
  return {
    status: error.code === 'crashed' || error.code === 'closed' || error.code === 'unavailable' ? 'interrupted' : 'failed',
    message,
  };
}
