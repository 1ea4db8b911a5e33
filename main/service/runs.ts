import type { BackendName, Checkpoint } from '#app/engine/types.ts';
import type { Experiment, Milestone, Parameters, RecordedRun, Training } from '#app/experiments/experiment.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import type { BackendInfo, RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { isOtherEngine, isOver, isResumable, lastStep, parametersKey } from '#app/runs/record.ts';
import { readFrame, readFrameSteps, type FolderRun } from '#main/store/folder-run.ts';
import { nearestCheckpoint, readRecording, type Recording } from '#main/store/run-folder.ts';
import type { RunQuery } from '#main/store/run-index.ts';
import type { RunWriter } from '#main/store/run-writer.ts';
import type { Store } from '#main/store/store.ts';
import { backendNamed, requireBackend } from '#main/workers/backends.ts';
import type { TrainingResult } from '#main/workers/engine-contract.ts';
import type { Pool } from '#main/workers/pool.ts';
import type { TrainingStart } from '#main/workers/training-run.ts';
import { admit, ownBackend, requireTrainable } from './admission.ts';
import { LiveRecording } from './live-recording.ts';
import { LiveRun, type Ending } from './live-run.ts';
import { brokenOff, newRecord, recordingOf } from './new-run.ts';
import { Notifier } from './notifier.ts';
import { liveRows, storedRows, type SeriesRows } from './series-rows.ts';
import { StoredMilestones } from './stored-milestones.ts';

/** Everything is on disk at least this often. */
const flushMilliseconds = 1000;

export interface StartOptions {
  readonly experiment: string;
  readonly preset: string | null;
  readonly parameters: Parameters;
  readonly name?: string;
  readonly backend: BackendName;
  readonly paused?: boolean;
  /** `started` unless told. */
  readonly priority?: TrainingStart['priority'];
}

export interface RunsParts {
  readonly store: Store;
  readonly pool: Pool;
  readonly experimentById: (id: string) => Experiment;
  /** Bytes that one run may take. */
  readonly bytesPerRun: () => number;
}

/** Runs of a store, whether they train, wait or lie in their folders; the only one who changes them. */
export class Runs {
  readonly store: Store;
  readonly notifier = new Notifier();
  private readonly pool: Pool;
  private readonly bytesPerRun: () => number;
  private readonly experimentById: (id: string) => Experiment;
  private readonly live = new Map<string, LiveRun>();
  private readonly watchers = new Map<string, number>();
  private readonly removed = new Set<string>();
  private readonly storedMilestones: StoredMilestones;
  private readonly listeners = new Set<(id: string) => void>();
  private readonly timer: NodeJS.Timeout;

  constructor({ store, pool, bytesPerRun, experimentById }: RunsParts) {
    this.store = store;
    this.pool = pool;
    this.bytesPerRun = bytesPerRun;
    this.experimentById = experimentById;
    this.storedMilestones = new StoredMilestones(store, experimentById);
    this.timer = setInterval(() => {
      for (const live of this.live.values()) if (live.record.status === 'running' || live.diskTrouble) void live.flush();
    }, flushMilliseconds);
    this.timer.unref();
  }

  // ---- looking ----

  list(query: RunQuery): { runs: RunRecord[]; total: number } {
    const { runs, total } = this.store.list(query);
    return { runs: runs.map((record) => this.live.get(record.id)?.record ?? record), total };
  }

  /** @throws LotkaError `not-found`. */
  record(id: string): RunRecord {
    return this.live.get(id)?.record ?? this.store.get(id);
  }

  has(id: string): boolean {
    return !this.removed.has(id) || this.store.guests.run(id) !== null;
  }

  recording(id: string): Recording {
    return this.store.recording(id);
  }

  /** What is recorded, for figures and claims. @throws LotkaError `not-found` or `store-corrupt`. */
  recorded(id: string): RecordedRun {
    return this.live.get(id)?.recording ?? this.store.open(id);
  }

  /** The same, read from files only: what workers see. Live runs are written first. */
  async onDisk(id: string): Promise<{ folder: string; run: FolderRun }> {
    await this.live.get(id)?.flush();
    return { folder: this.store.folderOf(id), run: this.store.open(id) };
  }

  liveView(id: string): LiveRun | null {
    return this.live.get(id) ?? null;
  }

  /** Rows `from` to `to` (exclusive) of some series, as far as every series has them. */
  rows(id: string, names: readonly string[], from: number, to: number): SeriesRows {
    const live = this.live.get(id);
    return live ? liveRows(live.recording, names, from, to) : storedRows(this.store.open(id), this.store.folderOf(id), names, from, to);
  }

  frameSteps(id: string, name: string): readonly number[] {
    return this.recorded(id).frameSteps(name);
  }

  frame(id: string, name: string, step: number): ReturnType<RecordedRun['frame']> {
    const live = this.live.get(id);
    if (live) return live.recording.frame(name, step);
    this.store.get(id);
    const folder = this.store.folderOf(id);
    return readFrame(folder, name, readFrameSteps(folder, name), step);
  }

  milestones(id: string): readonly Milestone[] {
    return this.live.get(id)?.milestones ?? this.storedMilestones.of(id);
  }

  /** Somebody looks at the run: as long as they do, it trains before others. @returns what ends that, once */
  watch(id: string): () => void {
    const count = (change: 1 | -1): void => {
      const watchers = (this.watchers.get(id) ?? 0) + change;
      if (watchers > 0) this.watchers.set(id, watchers);
      else this.watchers.delete(id);
      const worker = this.live.get(id)?.worker;
      if (worker) worker.watched = watchers > 0;
    };
    count(1);
    return () => count(-1);
  }

  /**
   * A run of equal parameters, backend and build that is no fork: finished if there is one, else one that trains or can go on
   * to the end by itself. Null if there is none.
   * @throws LotkaError `unavailable` if the backend cannot be used here.
   */
  async equalRun(experiment: string, parameters: Parameters, backend: BackendName): Promise<RunRecord | null> {
    const key = parametersKey(parameters);
    const { build } = await requireBackend(backend);
    const equal = this.list({ experiment, limit: 10_000 }).runs.filter(
      ({ forkedFrom, provenance, parameters: given }) =>
        forkedFrom === null && provenance.backend === backend && provenance.engine === build && parametersKey(given) === key,
    );
    for (const status of ['finished', 'running', 'queued', 'interrupted', 'stopped'] as const) {
      const found = equal.find((record) => record.status === status);
      if (found) return found;
    }
    return null;
  }

  // ---- doing ----

  /** Starts a run. @throws LotkaError `bad-input` with a sentence naming the parameter, `unavailable` if the backend is not here. */
  async start(options: StartOptions): Promise<string> {
    const experiment = this.experimentById(options.experiment);
    requireTrainable(experiment);
    const parameters = parseParameters(experiment, options.preset, options.parameters);
    const backend = await requireBackend(options.backend);
    const training = this.admit(experiment, parameters, backend);
    const record = newRecord(backend, experiment, training, parameters, options.preset, options.name, null);
    const recording = recordingOf(training);
    const writer = await this.store.create(record, recording);
    this.begin({ record, experiment, training, recording, writer, checkpoint: null, paused: options.paused, priority: options.priority });
    return record.id;
  }

  /** Adds a run that was trained to its end elsewhere. One with this id is replaced, unless it trains: then it comes to the same. */
  async add(record: RunRecord, recording: Recording, trained: Pick<TrainingResult, 'rows' | 'frames' | 'checkpoint'>): Promise<void> {
    if (this.live.has(record.id)) return;
    this.store.remove(record.id);
    // As it would be found if this were cut off: a run that did not get to its end.
    const writer = await this.store.create({ ...record, status: 'running' }, recording);
    try {
      writer.append(trained);
      await writer.flush();
      if (trained.checkpoint) await writer.checkpoint(trained.checkpoint, true);
      await this.store.save(record, writer);
    } finally {
      await writer.close();
    }
    this.removed.delete(record.id);
    this.tell(record.id);
  }

  /** True for runs of the store; false for those that lie in a file, or nowhere. */
  isOwn(id: string): boolean {
    try {
      return this.record(id).file === undefined;
    } catch {
      return false;
    }
  }

  /** Takes in a run whose files `write` puts into a folder. @throws LotkaError `disk-full` and the like */
  async adopt(id: string, write: (folder: string) => Promise<void>): Promise<void> {
    await this.store.adopt(id, write);
    this.removed.delete(id);
    this.tell(id);
  }

  /** Goes on from a step of a run with some parameters changed, or on another backend; what was before is copied. */
  async fork(
    source: string,
    step: number,
    changes: { readonly parameters: Parameters; readonly name?: string; readonly backend?: BackendName },
    signal: AbortSignal,
  ): Promise<string> {
    const { folder, run } = await this.onDisk(source);
    const from = this.record(source);
    const experiment = this.experimentById(from.experiment);
    requireTrainable(experiment);
    const parameters = parseParameters(experiment, null, { ...from.parameters, ...changes.parameters });
    const own = backendNamed(from.provenance.backend);
    const backend = await requireBackend(changes.backend ?? own);
    const training = this.admit(experiment, parameters, backend);
    const recording = recordingOf(training);
    const before = readRecording(folder);
    if (JSON.stringify(recording) !== JSON.stringify(before)) {
      throw new LotkaError(
        'bad-input',
        `A fork of ${source} can change how it trains, but not the sizes of the network or what is recorded.`,
      );
    }
    if (step > run.steps || step >= training.steps) {
      throw new LotkaError(
        'bad-input',
        `Run ${source} can be forked at steps 0 to ${Math.min(run.steps, training.steps - 1)}, not ${step}.`,
      );
    }
    const { checkpoint, note } = await this.pool.checkpointAt(folder, own, step, signal);
    const name = changes.name ?? `${from.name}, from step ${step}`;
    const fresh = newRecord(backend, experiment, training, parameters, null, name, { run: source, step });
    const record = { ...fresh, message: note };
    const writer = await this.store.create(record, recording);
    const frames = recording.frames.flatMap((info) =>
      run
        .frameSteps(info.name)
        .filter((at) => at <= step)
        .map((at) => ({ name: info.name, ...run.frame(info.name, at) })),
    );
    writer.append({
      rows: this.rows(
        source,
        recording.series.map((info) => info.name),
        0,
        step,
      ).values,
      frames,
    });
    await writer.checkpoint(checkpoint, true);
    this.begin({ record: { ...record, step: lastStep(step) }, experiment, training, recording, writer, checkpoint });
    return record.id;
  }

  async pause(id: string): Promise<void> {
    const live = this.live.get(id);
    if (!live) throw new LotkaError('conflict', `Run ${id} is not training, so it cannot be paused.`);
    const reached = await live.worker?.pause();
    if (reached === 'not begun') await this.halt(live, { status: 'paused', message: null });
    if (reached === 'parked') live.update({ status: 'paused' });
  }

  /** Goes on where the run was paused, stopped or interrupted. @throws LotkaError `conflict` if it is over, `disk-full`. */
  async resume(id: string, priority?: TrainingStart['priority']): Promise<void> {
    const live = await this.underway(id);
    if (!live) return this.reopen(id, { priority });
    if (live.record.status !== 'paused' && live.record.status !== 'running') return;
    await live.flush();
    if (live.diskTrouble) throw live.diskTrouble;
    if (live.record.status === 'paused' && this.live.has(id)) live.update({ status: 'queued', message: null });
    live.worker?.resume();
  }

  async step(id: string, count: number): Promise<void> {
    if (!(await this.underway(id))) await this.reopen(id, { paused: true });
    const live = this.live.get(id)!;
    if (live.record.status !== 'paused' && live.worker?.start.paused !== true)
      throw new LotkaError('conflict', `Run ${id} is training; pause it to go step by step.`);
    await live.step(count);
  }

  /** A run that trains, waits or is paused; null for others. One that has just ended is written to its end first. */
  private async underway(id: string): Promise<LiveRun | null> {
    const live = this.live.get(id) ?? null;
    if (!live || !isOver(live.record.status)) return live;
    await live.over;
    return null;
  }

  async stop(id: string): Promise<void> {
    const live = this.live.get(id);
    if (live) await this.halt(live, { status: 'stopped', message: null });
    else if (!isOver(this.store.get(id).status)) await this.save({ ...this.store.getWhole(id), status: 'stopped' });
  }

  async rename(id: string, name: string): Promise<void> {
    const live = this.live.get(id);
    if (live) {
      live.update({ name });
      await live.flush();
    } else {
      await this.save({ ...this.store.getWhole(id), name });
    }
  }

  async delete(id: string): Promise<void> {
    const live = this.live.get(id);
    if (live) await this.halt(live, { status: 'stopped', message: null });
    this.store.delete(id);
    this.removed.add(id);
    this.tell(id);
  }

  restore(id: string): void {
    this.store.restore(id);
    this.removed.delete(id);
    this.tell(id);
  }

  /** Resolves when the run is over, and at once if it is. */
  async finished(id: string): Promise<RunRecord> {
    await this.live.get(id)?.over;
    return this.record(id);
  }

  /** Saves every run and lets go of the workers. */
  async close(): Promise<void> {
    clearInterval(this.timer);
    await Promise.all(
      [...this.live.values()].map((live) => {
        const paused = live.record.status === 'paused';
        return this.halt(
          live,
          paused
            ? { status: 'paused', message: live.record.message }
            : { status: 'interrupted', message: 'Lotka was closed while this run was training; resume goes on.' },
          live.diskTrouble ? 500 : 5000,
        );
      }),
    );
    this.pool.close();
  }

  // ---- inside ----

  private admit(experiment: Experiment, parameters: Parameters, backend: BackendInfo): Training {
    return admit(experiment, parameters, backend, this.bytesPerRun());
  }

  private begin({ record, experiment, training, recording, writer, checkpoint, paused = false, priority }: Beginning): void {
    const live = new LiveRun({
      record,
      experiment,
      training,
      recording: new LiveRecording(record, recording, this.store.folderOf(record.id), checkpoint?.step ?? 0),
      writer,
      store: this.store,
      changed: (changed, listed) => this.tell(changed.id, listed),
    });
    this.live.set(record.id, live);
    this.removed.delete(record.id);
    void live.over.then(() => {
      this.live.delete(record.id);
      this.tell(record.id);
    });
    const { id: run, parameters } = record;
    const backend = backendNamed(record.provenance.backend);
    const worker = this.pool.train({ run, experiment: experiment.id, parameters, backend, checkpoint, paused, priority }, (batch) =>
      live.take(batch),
    );
    live.worker = worker;
    worker.watched = this.watchers.has(run);
    worker.done.then(
      () => live.end(live.whenStopped),
      (error: unknown) => live.end(brokenOff(error, live.record.step)),
    );
    this.tell(record.id);
  }

  /** Puts a run that lies in its folder back to work. */
  private async reopen(id: string, { paused = false, priority }: Pick<Beginning, 'paused' | 'priority'>): Promise<void> {
    const record = this.store.getWhole(id);
    const experiment = this.experimentById(record.experiment);
    requireTrainable(experiment);
    if (!isResumable(record.status))
      throw new LotkaError(
        'conflict',
        `Run ${id} is ${record.status}, so it cannot go on; fork it from an earlier step to train on with other parameters.`,
      );
    const parameters = parseParameters(experiment, null, record.parameters);
    const backend = await ownBackend(record);
    const folder = this.store.folderOf(id);
    const recording = readRecording(folder);
    const training = this.admit(experiment, parameters, backend);
    const checkpoint = nearestCheckpoint(folder, this.store.open(id).rows);
    if (!checkpoint && record.forkedFrom)
      throw new LotkaError('store-corrupt', `Run ${id} is a fork and its checkpoints are gone; fork ${record.forkedFrom.run} again.`);
    const step = checkpoint?.step ?? 0;
    const writer = await this.store.reopen(id, step, checkpoint ? step : -1);
    const otherBuild = isOtherEngine(record.provenance, backend.build, training.program.info);
    const message = otherBuild
      ? `Resumed at step ${step} with another build of the engine: from there its bits may differ from an undisturbed run.`
      : null;
    const going: RunRecord = { ...record, status: paused ? 'paused' : 'queued', step: lastStep(step), message };
    await this.store.save(going, writer);
    this.begin({ record: going, experiment, training, recording, writer, checkpoint, paused, priority });
  }

  /** Ends a live run as `ending`, wherever it is, and waits until that is written (or `patience` milliseconds). */
  private async halt(live: LiveRun, ending: Ending, patience?: number): Promise<void> {
    live.whenStopped = ending;
    try {
      await live.worker?.stop();
    } catch {
      // The worker is gone: its end is reported on its own way.
    }
    await (patience === undefined ? live.over : Promise.race([live.over, new Promise((resolve) => setTimeout(resolve, patience).unref())]));
  }

  private async save(record: RunRecord): Promise<void> {
    await this.store.save(record);
    this.tell(record.id);
  }

  private tell(id: string, listed = true): void {
    this.notifier.notify(id);
    if (listed) for (const listener of this.listeners) listener(id);
  }

  /** Tells of a run that was put into the store otherwise. */
  appeared(id: string): void {
    this.removed.delete(id);
    this.tell(id);
  }

  /** Calls back with the id of every run whose place in lists changed. @returns Stops that. */
  onListed(listener: (id: string) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }
}

interface Beginning {
  readonly record: RunRecord;
  readonly experiment: Experiment;
  readonly training: Training;
  readonly recording: Recording;
  readonly writer: RunWriter;
  readonly checkpoint: Checkpoint | null;
  readonly paused?: boolean;
  readonly priority?: TrainingStart['priority'];
}
