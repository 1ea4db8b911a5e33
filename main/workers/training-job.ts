import type { Backend } from '#app/engine/index.ts';
import type { Checkpoint } from '#app/engine/types.ts';
import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import type { TrainingBatch } from './engine-contract.ts';

/** Computing before the event loop turns: control messages wait no longer than this and one step. */
const sliceMilliseconds = 25;
/** A rolling checkpoint at least this often, so that a crash costs about a second. */
const rollingMilliseconds = 1000;
/** Checkpoints that are kept for replay, over the whole run. */
const keptCheckpoints = 16;

const eventLoopTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** One run in a worker: trains in slices and listens between them. */
export class TrainingJob {
  private paused: boolean;
  private stopping = false;
  private stepsAllowed = 0;
  private wake: (() => void) | null = null;
  private readonly experiment: Experiment;
  private readonly parameters: Parameters;
  private readonly backend: Backend;
  private readonly start: Checkpoint | null;

  constructor(experiment: Experiment, parameters: Parameters, backend: Backend, start: Checkpoint | null, paused: boolean) {
    this.experiment = experiment;
    this.parameters = parameters;
    this.backend = backend;
    this.start = start;
    this.paused = paused;
  }

  control(action: 'pause' | 'resume' | 'stop' | 'step', count: number): void {
    if (action === 'pause') this.paused = true;
    if (action === 'resume') this.paused = false;
    if (action === 'stop') this.stopping = true;
    if (action === 'step' && this.paused) this.stepsAllowed += count;
    this.rouse();
  }

  async *batches(signal: AbortSignal): AsyncGenerator<TrainingBatch> {
    signal.addEventListener('abort', () => this.rouse());
    const training = this.experiment.build(this.parameters);
    const session = openSession(training, this.backend, this.start);
    try {
      const trainer = new Trainer(training, session, this.parameters, this.start !== null);
      const interval = Math.max(1, Math.ceil(training.steps / keptCheckpoints));
      let lastCheckpoint = trainer.step;
      let lastCheckpointTime = performance.now();
      let seconds = 0;

      const batch = (state: TrainingBatch['state']): TrainingBatch => {
        const final = state === 'finished' || state === 'stopped';
        const permanent = final || trainer.step % interval === 0;
        const due = permanent || state !== 'training' || performance.now() - lastCheckpointTime > rollingMilliseconds;
        const saved = state !== 'diverged' && due && (final || trainer.step !== lastCheckpoint);
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
        const halts = this.stopping || (this.paused && this.stepsAllowed === 0);
        if (halts) trainer.settle();
        if (trainer.state !== 'training') {
          yield batch(trainer.state);
          return;
        }
        if (this.stopping) {
          yield batch('stopped');
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
    do {
      trainer.advance();
      if (this.stepsAllowed > 0 && --this.stepsAllowed === 0) break;
    } while (trainer.state === 'training' && trainer.step % interval !== 0 && performance.now() - begun < sliceMilliseconds);
    return (performance.now() - begun) / 1000;
  }

  private async changed(signal: AbortSignal): Promise<void> {
    if (signal.aborted || this.stopping || !this.paused || this.stepsAllowed > 0) return;
    await new Promise<void>((resolve) => (this.wake = resolve));
  }

  private rouse(): void {
    this.wake?.();
    this.wake = null;
  }
}
