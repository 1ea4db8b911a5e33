import type { Experiment, Milestone, Training } from '#app/experiments/experiment.ts';
import type { RunRecord, RunStatus } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { cleanHeadline } from '#app/runs/record.ts';
import type { RunWriter } from '#main/store/run-writer.ts';
import type { Store } from '#main/store/store.ts';
import type { TrainingBatch } from '#main/workers/engine-contract.ts';
import type { TrainingRun } from '#main/workers/training-run.ts';
import type { LiveRecording } from './live-recording.ts';

export interface Ending {
  readonly status: RunStatus;
  /** Sentence for people, or null when there is nothing to explain. */
  readonly message: string | null;
}

export interface LiveParts {
  readonly record: RunRecord;
  readonly experiment: Experiment;
  readonly training: Training;
  readonly recording: LiveRecording;
  readonly writer: RunWriter;
  readonly store: Store;
  /** Told of everything new; `listed` when lists show something else than before. */
  readonly changed: (live: LiveRun, listed: boolean) => void;
}

/** Seconds over which the speed is averaged. */
const rateWindow = 2;

/**
 * A run that trains, waits or is paused. What its worker sends goes to memory for the screen and to the folder.
 * While the disk refuses, it is paused and keeps everything in memory until a later `flush` succeeds.
 */
export class LiveRun {
  readonly experiment: Experiment;
  readonly training: Training;
  readonly recording: LiveRecording;
  record: RunRecord;
  milestones: readonly Milestone[] = [];
  stepsPerSecond = 0;
  /** The worker's side, from when it was handed to the pool. */
  worker: TrainingRun | null = null;
  /** What the run becomes when its worker reports that it stopped. */
  whenStopped: Ending = { status: 'stopped', message: null };
  /** Resolves when the run is over and written. */
  readonly over: Promise<void>;

  private readonly store: Store;
  private readonly writer: RunWriter;
  private readonly changed: (live: LiveRun, listed: boolean) => void;
  private stepping = false;
  private ending: Ending | null = null;
  private written = false;
  private unsavedCheckpoint: TrainingBatch['checkpoint'] = null;
  private trouble: LotkaError | null = null;
  private flushing: Promise<void> = Promise.resolve();
  private resolveOver = (): void => undefined;

  constructor(parts: LiveParts) {
    this.record = parts.record;
    this.experiment = parts.experiment;
    this.training = parts.training;
    this.recording = parts.recording;
    this.writer = parts.writer;
    this.store = parts.store;
    this.changed = parts.changed;
    this.over = new Promise((resolve) => (this.resolveOver = resolve));
    this.summarise();
  }

  get id(): string {
    return this.record.id;
  }

  /** Seconds to the end at the present speed; null when it does not train. */
  get secondsLeft(): number | null {
    if (this.record.status !== 'running' || this.stepsPerSecond === 0) return null;
    return (this.record.steps - this.record.step) / this.stepsPerSecond;
  }

  /** Takes what the worker computed. Slow while the disk is slow, so that the worker slows down. */
  async take(batch: TrainingBatch): Promise<void> {
    this.recording.append(batch);
    this.writer.append(batch);
    this.measureRate(batch);
    const before = this.record.status;
    this.record = {
      ...this.record,
      step: this.recording.steps,
      seconds: this.record.seconds + batch.seconds,
      status: this.statusAfter(batch),
    };
    this.changed(this, this.record.status !== before);
    if (batch.checkpoint) this.unsavedCheckpoint = batch.checkpoint;
    if (batch.checkpoint || batch.state === 'paused') await this.flush();
    else if (this.trouble) this.hold();
  }

  /** Steps of a paused run do not count as running. */
  async step(count: number): Promise<void> {
    this.stepping = true;
    await this.worker?.step(count);
  }

  update(patch: Partial<RunRecord>): void {
    this.record = { ...this.record, ...patch };
    this.changed(this, true);
  }

  /**
   * Writes everything so far, and finishes an ending that could not be written before.
   * Never rejects: what the disk refuses pauses the run with a sentence.
   */
  flush(): Promise<void> {
    this.flushing = this.flushing.then(() => this.flushNow());
    return this.flushing;
  }

  /** Why nothing can be written at present, or null. */
  get diskTrouble(): LotkaError | null {
    return this.trouble;
  }

  /** The worker is done with the run: writes the last state, now or as soon as the disk allows. */
  async end(otherwise: Ending): Promise<void> {
    this.ending ??= otherwise;
    await this.flush();
  }

  private async flushNow(): Promise<void> {
    if (this.written) return;
    // The worker may report the end while this writes: that end is for the next flush.
    const { ending } = this;
    try {
      const frames = this.recording.framesWaiting;
      await this.writer.flush();
      this.recording.written(frames);
      const checkpoint = this.unsavedCheckpoint;
      if (checkpoint) {
        await this.writer.checkpoint(checkpoint.state, checkpoint.permanent);
        if (this.unsavedCheckpoint === checkpoint) this.unsavedCheckpoint = null;
      }
      this.summarise();
      if (this.trouble) {
        this.trouble = null;
        this.record = { ...this.record, message: null };
      }
      if (ending) this.record = { ...this.record, ...ending };
      await this.store.save(this.record, this.writer);
      if (ending) {
        await this.writer.close();
        this.written = true;
        this.resolveOver();
      }
      this.changed(this, true);
    } catch (error) {
      this.refused(error);
    }
  }

  private refused(error: unknown): void {
    const first = this.trouble === null;
    this.trouble =
      error instanceof LotkaError
        ? error
        : new LotkaError('unavailable', `Run ${this.id} cannot be written: ${(error as Error).message}.`, { cause: error });
    if (first) this.hold();
    const what = this.ending ? 'the run is complete in memory and is saved as soon as there is space' : 'the run is paused';
    this.update({ message: `${this.trouble.message.replace(/\.$/, '')}; ${what}.`, ...(this.ending ? { status: 'paused' } : {}) });
  }

  /** Lets nothing be computed while nothing can be written. */
  private hold(): void {
    const held = this.worker?.pause().then(async (reached) => {
      if (reached === 'parked') this.update({ status: 'paused' });
      if (reached !== 'not begun') return;
      this.whenStopped = { status: 'paused', message: null };
      await this.worker?.stop();
    });
    held?.catch(() => undefined);
  }

  private statusAfter(batch: TrainingBatch): RunStatus {
    switch (batch.state) {
      case 'training':
        return this.stepping ? 'paused' : 'running';
      case 'paused':
        this.stepping = false;
        return 'paused';
      case 'waiting':
        return 'queued';
      case 'stopped':
        this.ending = this.whenStopped;
        return this.record.status;
      case 'finished':
      case 'diverged':
        this.ending = { status: batch.state, message: batch.message };
        return this.record.status;
    }
  }

  /** The few numbers that lists and the timeline show. */
  private summarise(): void {
    if (this.recording.rows === 0) return;
    this.record = { ...this.record, headline: cleanHeadline(this.experiment.headline(this.recording)) };
    this.milestones = this.training.milestones(this.recording);
  }

  private measureRate(batch: TrainingBatch): void {
    if (batch.seconds <= 0 || batch.count === 0) return;
    const weight = this.stepsPerSecond === 0 ? 1 : 1 - Math.exp(-batch.seconds / rateWindow);
    this.stepsPerSecond += weight * (batch.count / batch.seconds - this.stepsPerSecond);
  }
}
