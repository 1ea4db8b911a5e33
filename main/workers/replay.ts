import type { Backend } from '#app/engine/index.ts';
import type { Checkpoint, Session } from '#app/engine/types.ts';
import type { MeasureContext, Training } from '#app/experiments/experiment.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { isOtherEngine } from '#app/runs/record.ts';
import { openSession } from '#app/runs/session.ts';
import { nearestCheckpoint } from '#main/store/run-folder.ts';
import { eventLoopTurn, runTo, sliceMilliseconds } from './slices.ts';

export interface ReplayParts {
  readonly folder: string;
  readonly record: RunRecord;
  readonly training: () => Training;
  /** Opens the backend that trained the run. */
  readonly backend: () => Promise<Backend>;
  readonly cancelled: () => boolean;
}

/**
 * Gives measures the network of a recorded run at any step: restored from the nearest checkpoint and trained on to
 * the same bits. Sessions stay valid until `dispose`.
 */
export class Replay implements MeasureContext {
  private readonly parts: ReplayParts;
  private readonly sessions: Session[] = [];
  private latest: Checkpoint | null = null;
  private otherBuild = false;
  private turned = 0;

  constructor(parts: ReplayParts) {
    this.parts = parts;
  }

  /** A sentence if steps were replayed by another build than the run's own, so that bits may differ; else null. */
  get note(): string | null {
    return this.otherBuild
      ? `Replayed by another build of the engine than the run's own, so the last digits may differ from what the run had.`
      : null;
  }

  progress(): void {
    if (this.parts.cancelled()) throw new LotkaError('cancelled', 'It was cancelled.');
  }

  get firstStep(): number {
    return this.parts.record.forkedFrom?.step ?? 0;
  }

  /** @throws LotkaError `cancelled`, as `progress` does */
  async turn(): Promise<void> {
    this.progress();
    if (performance.now() - this.turned < sliceMilliseconds) return;
    await eventLoopTurn();
    this.turned = performance.now();
  }

  /** @throws LotkaError `bad-input` for a step that the run did not reach, `unavailable` if its backend is not here. */
  async session(step: number): Promise<Session> {
    this.requireStep(step);
    const training = this.parts.training();
    const backend = await this.parts.backend();
    const session = openSession(training, backend, this.startFor(step));
    this.sessions.push(session);
    const { provenance } = this.parts.record;
    if (session.step < step && isOtherEngine(provenance, backend.build, training.program.info)) this.otherBuild = true;
    await runTo(session, step, () => this.progress());
    this.latest = session.checkpoint();
    return session;
  }

  /** The state after `step` updates: as stored if it is, which needs no backend, else replayed. @throws as `session` does */
  async checkpoint(step: number): Promise<Checkpoint> {
    this.requireStep(step);
    const stored = nearestCheckpoint(this.parts.folder, step);
    return stored?.step === step ? stored : (await this.session(step)).checkpoint();
  }

  dispose(): void {
    for (const session of this.sessions.splice(0)) session.dispose();
  }

  private requireStep(step: number): void {
    const { record } = this.parts;
    if (!Number.isInteger(step) || step < 0 || step > record.step)
      throw new LotkaError('bad-input', `Run ${record.id} has steps 0 to ${record.step}, not ${step}.`);
  }

  private startFor(step: number): Checkpoint | null {
    const { folder, record } = this.parts;
    const stored = nearestCheckpoint(folder, step);
    const start = this.latest && this.latest.step <= step && this.latest.step > (stored?.step ?? -1) ? this.latest : stored;
    const fork = record.forkedFrom;
    if (!start && fork) {
      throw new LotkaError('not-found', `Run ${record.id} begins at step ${fork.step}; what was before belongs to the run ${fork.run}.`);
    }
    return start;
  }
}
