import type { Backend } from '#app/engine/index.ts';
import type { Checkpoint } from '#app/engine/types.ts';
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import { datasets } from '#main/datasets/source.ts';
import type { TrainingBatch } from './engine-contract.ts';
import { eventLoopTurn, sliceMilliseconds } from './slices.ts';

/** A rolling checkpoint at least this often, so that a crash costs about a second. */
const rollingMilliseconds = 1000;
/** Checkpoints that are kept for replay, over the whole run. */
const keptCheckpoints = 16;

export interface JobStart {
  readonly checkpoint: Checkpoint | null;
  /** True if the row of the checkpoint's step is recorded already. */
  readonly settled: boolean;
  readonly paused: boolean;
}

/** One run in a worker: trains in slices and listens between them. */
export class TrainingJob {
  private paused: boolean;
  private stopping = false;
  private givingWay = false;
  private stepsAllowed = 0;
  private wake: (() => void) | null = null;
  private readonly experiment: Experiment;
  private readonly parameters: Parameters;
  private readonly backend: Promise<Backend>;
  private readonly start: JobStart;

  constructor(experiment: Experiment, parameters: Parameters, backend: Promise<Backend>, start: JobStart) {
    this.experiment = experiment;
    this.parameters = parameters;
    this.backend = backend;
    this.start = start;
    this.paused = start.paused;
  }

  control(action: 'pause' | 'resume' | 'stop' | 'step' | 'give way', count: number): void {
    if (action === 'pause') this.paused = true;
    if (action === 'resume') this.paused = false;
    if (action === 'stop') this.stopping = true;
    if (action === 'give way') this.givingWay = true;
    if (action === 'step' && this.paused) this.stepsAllowed += count;
    this.rouse();
  }

  async *batches(signal: AbortSignal): AsyncGenerator<TrainingBatch> {
    signal.addEventListener('abort', () => this.rouse());
    const { checkpoint: from, settled } = this.start;
    const training = this.experiment.build(this.parameters, datasets);
    const session = openSession(training, await this.backend, from);
    try {
      const trainer = new Trainer(training, session, this.parameters, from === null ? 'new' : settled ? 'settled' : 'resumed');
      const interval = Math.max(1, Math.ceil(training.steps / keptCheckpoints));
      let lastCheckpoint = trainer.step;
      let lastCheckpointTime = performance.now();
      let seconds = 0;

      const batch = (state: TrainingBatch['state']): TrainingBatch => {
        const permanent = state === 'finished' || state === 'stopped' || trainer.step % interval === 0;
        const last = state !== 'training' && state !== 'paused';
        const due = permanent || state !== 'training' || performance.now() - lastCheckpointTime > rollingMilliseconds;
        const saved = state !== 'diverged' && due && (last || trainer.step !== lastCheckpoint);
        if (saved) {
          lastCheckpoint = trainer.step;
          lastCheckpointTime = performance.now();
        }
        const elapsed = seconds;
        seconds = 0;
        return {
          ...trainer.take(),
          state,
          seconds: elapsed,
          checkpoint: saved ? { state: trainer.checkpoint(), permanent } : null,
        };
      };

      // What is seen first: the frames of the very beginning, before any step is taken.
      if (trainer.state === 'training' && !this.paused) yield batch('training');
      while (!signal.aborted) {
        const ends = this.stopping || this.givingWay;
        const halts = ends || (this.paused && this.stepsAllowed === 0);
        if (halts) trainer.settle();
        if (trainer.state !== 'training') {
          yield batch(trainer.state);
          return;
        }
        if (ends) {
          yield batch(this.stopping ? 'stopped' : 'waiting');
          return;
        }
        if (halts) {
          yield batch('paused');
          await this.changed(signal);
          continue;
        }
        seconds += this.slice(trainer, interval);
        // Messages are delivered between two turns.
        await eventLoopTurn();
        if (trainer.state === 'training') yield batch('training');
      }
    } finally {
      session.dispose();
    }
  }

  /** Trains for a slice of time, or up to the next multiple of `interval` steps. @returns Seconds it took. */
  private slice(trainer: Trainer, interval: number): number {
    const begun = performance.now();
    let elapsed = 0;
    let longest = 0;
    // A step that would end after the slice is left to the next one: so nobody waits longer than one slice or one step.
    do {
      trainer.advance();
      const now = performance.now() - begun;
      longest = Math.max(longest, now - elapsed);
      elapsed = now;
      if (this.stepsAllowed > 0 && --this.stepsAllowed === 0) break;
    } while (trainer.state === 'training' && trainer.step % interval !== 0 && elapsed + longest < sliceMilliseconds);
    return elapsed / 1000;
  }

  private async changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.stopping || this.givingWay || !this.paused || this.stepsAllowed > 0) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
  }

  private rouse(): void {
    this.wake?.();
    this.wake = null;
  }
}
