import type { Backend } from '#app/engine/index.ts';
import type { Checkpoint, Session } from '#app/engine/types.ts';
import type { MeasureContext, Training } from '#app/experiments/experiment.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { openSession } from '#app/runs/session.ts';
import { nearestCheckpoint } from '#main/store/run-folder.ts';

/** Steps between two looks at the cancel flag while replaying. */
const stepsBetweenLooks = 16;

/**
 * Gives measures the network of a recorded run at any step: restored from the nearest checkpoint and trained on to
 * the same bits. Sessions stay valid until `dispose`.
 */
export class Replay implements MeasureContext {
  private readonly folder: string;
  private readonly record: RunRecord;
  private readonly training: () => Training;
  private readonly backend: Backend;
  private readonly cancel: Int32Array;
  private readonly sessions: Session[] = [];
  private latest: Checkpoint | null = null;

  constructor(folder: string, record: RunRecord, training: () => Training, backend: Backend, cancel: Int32Array) {
    this.folder = folder;
    this.record = record;
    this.training = training;
    this.backend = backend;
    this.cancel = cancel;
  }

  progress(): void {
    if (Atomics.load(this.cancel, 0) !== 0) throw new LotkaError('cancelled', 'It was cancelled.');
  }

  /** @throws LotkaError `bad-input` for a step that the run did not reach. */
  session(step: number): Promise<Session> {
    // Synchronous inside, a promise outside: the contract leaves room for backends that wait.
    return new Promise((resolve) => resolve(this.open(step)));
  }

  dispose(): void {
    for (const session of this.sessions.splice(0)) session.dispose();
  }

  private open(step: number): Session {
    if (!Number.isInteger(step) || step < 0 || step > this.record.step) {
      throw new LotkaError('bad-input', `Run ${this.record.id} has steps 0 to ${this.record.step}, not ${step}.`);
    }
    const session = openSession(this.training(), this.backend, this.startFor(step));
    this.sessions.push(session);
    while (session.step < step) {
      this.progress();
      session.run(Math.min(stepsBetweenLooks, step - session.step));
    }
    this.latest = session.checkpoint();
    return session;
  }

  private startFor(step: number): Checkpoint | null {
    const stored = nearestCheckpoint(this.folder, step);
    const start = this.latest && this.latest.step <= step && this.latest.step > (stored?.step ?? -1) ? this.latest : stored;
    const fork = this.record.forkedFrom;
    if (!start && fork) {
      throw new LotkaError(
        'not-found',
        `Run ${this.record.id} begins at step ${fork.step}; what was before belongs to the run ${fork.run}.`,
      );
    }
    return start;
  }
}
