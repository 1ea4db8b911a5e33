import type { Experiment } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type {
  SweepDefinition,
  SweepEstimate,
  SweepPlace,
  SweepPlaceInfo,
  SweepRecord,
  TrialKey,
  TrialResult,
} from '#app/protocol/sweep.ts';
import { isResumable, runId } from '#app/runs/record.ts';
import { refinedPoints } from '#app/sweeps/points.ts';
import { trialName } from '#app/sweeps/trials.ts';
import { requireOwn } from '#main/archives/guests.ts';
import { packageVersion } from '#main/paths.ts';
import { Notifier } from '#main/service/notifier.ts';
import type { Runs } from '#main/service/runs.ts';
import { requireBackend } from '#main/workers/backends.ts';
import type { Pool } from '#main/workers/pool.ts';
import { estimateSweep, requireTime } from './estimate.ts';
import { keptRunOf, keepTrial } from './kept-run.ts';
import type { PlaceParts } from './place-kind.ts';
import { describePlaces, openPlace, storedPlace } from './places.ts';
import { Sweep, type Ending, type Means } from './sweep.ts';
import { SweepStore } from './sweep-store.ts';

export interface SweepsParts {
  readonly runs: Runs;
  readonly pool: Pool;
  readonly experimentById: (id: string) => Experiment;
  /** Bytes that one run may take. */
  readonly bytesPerRun: () => number;
}

/** Sweeps that nobody looks at and nothing trains stay in memory up to so many. */
const idleSweepsInMemory = 4;

/** The sweeps of a store; the only one who changes them. */
export class Sweeps {
  readonly notifier = new Notifier();
  readonly #parts: SweepsParts;
  readonly #store: SweepStore;
  readonly #places: PlaceParts;
  /** Every sweep of the store, as lists show it. */
  readonly #records = new Map<string, SweepRecord>();
  /** Those whose results are in memory, the least recently used first. */
  readonly #open = new Map<string, Sweep>();
  readonly #watchers = new Map<string, number>();
  readonly #listeners = new Set<(id: string) => void>();
  #closed = false;

  constructor(parts: SweepsParts) {
    this.#parts = parts;
    this.#store = new SweepStore(parts.runs.store);
    this.#places = {
      pool: parts.pool,
      bytesPerRun: parts.bytesPerRun,
      keepRun: (work, trial, result) => keepTrial(parts, work, trial, result),
    };
    for (const record of this.#store.load()) this.#records.set(record.id, record);
  }

  // ---- looking ----

  /** Newest first. */
  list(): SweepRecord[] {
    return [...this.#records.values()].sort((a, b) => (a.created < b.created ? 1 : a.created > b.created ? -1 : a.id < b.id ? 1 : -1));
  }

  /** @throws LotkaError `not-found` */
  record(id: string): SweepRecord {
    const record = this.#records.get(id) ?? this.#parts.runs.store.guests.sweep(id);
    if (!record) throw new LotkaError('not-found', `There is no sweep "${id}" in the store ${this.#parts.runs.store.root}.`);
    return record;
  }

  has(id: string): boolean {
    return this.#records.has(id) || this.#parts.runs.store.guests.sweep(id) !== null;
  }

  /** With its results. @throws LotkaError `not-found`, `store-newer` or `store-corrupt` */
  sweep(id: string): Sweep {
    const record = this.record(id);
    let sweep = this.#open.get(id);
    if (sweep) this.#open.delete(id);
    else {
      // What stands for an unreadable one fails here, with its sentence.
      this.#store.read(id);
      sweep = this.#opened(record, record.place);
    }
    this.#open.set(id, sweep);
    this.#forgetIdle();
    return sweep;
  }

  /** The same for somebody who will change it. @throws LotkaError `conflict` if it lies in a file */
  #own(id: string): Sweep {
    requireOwn(this.record(id));
    return this.sweep(id);
  }

  /** Every result, in the order of (point, seed). */
  results(id: string): TrialResult[] {
    return [...this.sweep(id).results.values()].sort((a, b) => a.point - b.point || a.seed - b.seed);
  }

  places(redis?: string): Promise<SweepPlaceInfo[]> {
    return describePlaces(this.#places, redis);
  }

  /** @throws LotkaError `bad-input` naming the axis or parameter */
  estimate(definition: SweepDefinition, measure: boolean, signal: AbortSignal): Promise<SweepEstimate> {
    return estimateSweep(this.#parts, definition, measure, signal);
  }

  /** Somebody looks at the sweep. @returns what ends that */
  watch(id: string): () => void {
    const count = (change: 1 | -1): void => {
      const watchers = (this.#watchers.get(id) ?? 0) + change;
      if (watchers > 0) this.#watchers.set(id, watchers);
      else this.#watchers.delete(id);
    };
    count(1);
    return () => count(-1);
  }

  // ---- doing ----

  /** Records a sweep and begins to train it. @throws LotkaError with a sentence, before anything is recorded */
  async start(definition: SweepDefinition, place: SweepPlace, signal: AbortSignal): Promise<string> {
    const { build } = await requireBackend(definition.backend);
    await requireTime(this.#parts, definition, place, signal);
    const means = await this.#means(place, definition, build);
    await this.#requireOpen(means);
    const now = Date.now();
    const record: SweepRecord = {
      format: 1,
      id: runId(`sweep-${definition.experiment}`, now, Math.floor(Math.random() * 36 ** 4)),
      definition,
      added: [],
      place: storedPlace(place),
      status: 'running',
      message: null,
      planned: 0,
      done: 0,
      diverged: 0,
      failed: 0,
      trainingSeconds: 0,
      created: new Date(now).toISOString(),
      lotka: means.lotka,
      engine: build,
    };
    try {
      await this.#store.create(record);
    } catch (error) {
      await means.backend.close();
      throw error;
    }
    this.#records.set(record.id, record);
    const sweep = this.#opened(record, place);
    this.#open.set(record.id, sweep);
    sweep.begin(means);
    return record.id;
  }

  /** Stops training; resolves when everything that was told is written. @throws LotkaError `conflict` if it does not train */
  async pause(id: string): Promise<void> {
    const sweep = this.#own(id);
    if (!sweep.busy) throw new LotkaError('conflict', `Sweep ${id} is not training, so it cannot be paused.`);
    await sweep.halt({ status: 'paused', message: null });
  }

  /** Trains what is missing. @throws LotkaError `conflict` if nothing is, `unavailable` if the place or backend is not there */
  async resume(id: string): Promise<void> {
    const sweep = this.#own(id);
    if (sweep.busy) return;
    if (sweep.missing().length === 0) {
      const { failed } = sweep.record;
      throw new LotkaError(
        'conflict',
        failed > 0
          ? `Sweep ${id} has nothing left to train but ${failed} failed ${failed === 1 ? 'trial' : 'trials'}; retry them.`
          : `Sweep ${id} has all its results.`,
      );
    }
    await this.#goOn(sweep);
  }

  /** Trains failed trials again. @throws LotkaError `conflict` if there are none */
  async retry(id: string): Promise<void> {
    const sweep = this.#own(id);
    if (sweep.retry() === 0) throw new LotkaError('conflict', `No trial of sweep ${id} failed.`);
    await this.#goOn(sweep);
  }

  /** Adds seeds to every point. A sweep that was finished trains them; one that is paused stays so. */
  async addSeeds(id: string, count: number): Promise<void> {
    const { seeds, ...definition } = this.#own(id).record.definition;
    if (seeds.parameters.length === 0)
      throw new LotkaError('bad-input', `Sweep ${id} varies no seed, so every further training of a point would be the same.`);
    await this.#extend(id, { definition: { ...definition, seeds: { ...seeds, count: seeds.count + count } } });
  }

  /** Adds points halfway between those of a grid within a region. @returns how many */
  async refine(id: string, region: Readonly<Record<string, readonly [number, number]>>): Promise<number> {
    const sweep = this.#own(id);
    const { definition, added } = sweep.record;
    const points = refinedPoints(sweep.experiment, definition, added, region);
    if (points.length > 0) await this.#extend(id, { added: [...added, ...points] });
    return points.length;
  }

  async rename(id: string, name: string): Promise<void> {
    const sweep = this.#own(id);
    await sweep.change({ definition: { ...sweep.record.definition, name } });
  }

  /** Moves a sweep to the trash. */
  async delete(id: string): Promise<void> {
    requireOwn(this.record(id));
    await this.#open.get(id)?.halt({ status: 'paused', message: null });
    this.#store.delete(id);
    this.#open.delete(id);
    this.#records.delete(id);
    this.#tell(id, true);
  }

  /** True for sweeps of the store; false for those that lie in a file, or nowhere. */
  isOwn(id: string): boolean {
    return this.#records.has(id);
  }

  /** Takes in a sweep whose files `write` puts into a folder. @throws LotkaError `disk-full` and the like */
  async adopt(id: string, write: (folder: string) => Promise<void>): Promise<void> {
    await this.#store.adopt(id, write);
    this.#open.delete(id);
    this.#records.set(id, this.#store.read(id));
    this.#tell(id, true);
  }

  /** Where a sweep lies, whole up to what was told. */
  folderOf(id: string): string {
    this.record(id);
    return this.#store.folderOf(id);
  }

  restore(id: string): void {
    this.#records.set(id, this.#store.restore(id));
    this.#tell(id, true);
  }

  /** The run of a trial: the one it was kept as, else one of equal parameters, which is started if there is none. */
  async openTrial(id: string, trial: TrialKey): Promise<string> {
    const { runs } = this.#parts;
    const sweep = this.sweep(id);
    const { record, results, experiment } = sweep;
    const kept = keptRunOf(runs, results.get(trialName(trial)));
    if (kept !== null) return kept;
    const parameters = sweep.parameters()(trial);
    const { backend, name } = record.definition;
    const equal = await runs.equalRun(experiment.id, parameters, backend);
    if (!equal) {
      const title = `${name}, point ${trial.point + 1}, seed ${trial.seed}`.slice(0, 200);
      return runs.start({ experiment: experiment.id, preset: null, parameters, name: title, backend });
    }
    if (isResumable(equal.status)) await runs.resume(equal.id);
    return equal.id;
  }

  /** Writes everything and stops training; what is missing is trained when somebody resumes. */
  async close(): Promise<void> {
    this.#closed = true;
    // One that has just ended is still being written.
    await Promise.all([...this.#open.values()].map((sweep) => (sweep.busy ? sweep.halt(closed) : sweep.halted())));
  }

  /** Calls back with the id of every sweep whose place in lists changed. @returns Stops that. */
  onListed(listener: (id: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  // ---- inside ----

  async #extend(id: string, patch: Partial<SweepRecord>): Promise<void> {
    const sweep = this.sweep(id);
    await sweep.change(patch);
    if (sweep.record.status === 'finished' && sweep.missing().length > 0) await this.#goOn(sweep);
  }

  async #goOn(sweep: Sweep): Promise<void> {
    if (sweep.busy) return;
    const { definition, engine } = sweep.record;
    const { build } = await requireBackend(definition.backend);
    const means = await this.#means(sweep.place, definition, build);
    await this.#requireOpen(means, sweep.record.id);
    this.#open.set(sweep.record.id, sweep);
    sweep.begin(
      means,
      build === engine
        ? null
        : 'Resumed with another build of the engine: from there results may differ in their last digits from those before.',
    );
  }

  /** A backend that said that it can be used. */
  async #means(place: SweepPlace, { keep }: SweepDefinition, engine: string): Promise<Means> {
    if (keep === 'runs' && place.kind !== 'local')
      throw new LotkaError(
        'bad-input',
        'Only this machine keeps every trial as a run; elsewhere keep the outcomes, and open the trials that matter.',
      );
    const backend = openPlace(place, this.#places);
    try {
      await backend.check();
    } catch (error) {
      await backend.close();
      throw error;
    }
    return { backend, engine, lotka: packageVersion() };
  }

  /** Looking for a place takes time, in which a sweep may be deleted. @throws LotkaError `closed` or `not-found` */
  async #requireOpen({ backend }: Means, id?: string): Promise<void> {
    if (!this.#closed && (id === undefined || this.has(id))) return;
    await backend.close();
    if (this.#closed) throw new LotkaError('closed', 'Lotka is being closed, so nothing is trained any more.');
    if (id !== undefined) this.record(id);
  }

  #opened(record: SweepRecord, place: SweepPlace): Sweep {
    return new Sweep(record, place, {
      store: this.#store,
      experiment: this.#parts.experimentById(record.definition.experiment),
      changed: (sweep, listed) => {
        this.#records.set(sweep.record.id, sweep.record);
        this.#tell(sweep.record.id, listed);
      },
    });
  }

  #forgetIdle(): void {
    const idle = [...this.#open].filter(([id, sweep]) => !sweep.busy && !this.#watchers.has(id));
    for (const [id] of idle.slice(0, -idleSweepsInMemory)) this.#open.delete(id);
  }

  #tell(id: string, listed: boolean): void {
    this.notifier.notify(id);
    if (listed) for (const listener of this.#listeners) listener(id);
  }
}

const closed: Ending = { status: 'interrupted', message: 'Lotka was closed while this sweep was training; resume trains what is missing.' };
