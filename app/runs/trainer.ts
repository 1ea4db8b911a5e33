/**
 * Turns a session's steps into what a run keeps: a row of every series for every step, frames at their steps,
 * checkpoints when asked. Row t describes the parameters after t updates, so it is complete once step t+1 was taken,
 * or when the run halts at step t and asks for it (`settle`).
 */
import type { Checkpoint, RealArray, Session } from '#app/engine/types.ts';
import type { Parameters, Training } from '#app/experiments/experiment.ts';
import { GrowingRows } from './growing.ts';

export interface RecordedFrame {
  readonly name: string;
  readonly step: number;
  readonly shape: readonly number[];
  readonly values: RealArray;
}

export type TrainerState = 'training' | 'finished' | 'diverged';

/** What was recorded between two looks: rows `from .. from+count-1` of every series, and frames. */
export interface Batch {
  readonly state: TrainerState;
  /** Updates taken so far. */
  readonly step: number;
  readonly from: number;
  readonly count: number;
  /** Series name -> count x width, row-major. */
  readonly rows: Record<string, Float64Array>;
  readonly frames: readonly RecordedFrame[];
  /** Sentence for people when diverged. */
  readonly message: string | null;
}

/**
 * What is recorded already when a trainer begins: nothing, all before the row of the session's step, or that row as well
 * (a run that halted there recorded it).
 */
export type TrainerStart = 'new' | 'resumed' | 'settled';

/** Trains one run step by step. Deterministic: what it records depends on the training and the start only. */
export class Trainer {
  private readonly training: Training;
  private readonly session: Session;
  private readonly parameters: Parameters;
  private readonly rows: ReadonlyMap<string, GrowingRows>;
  private readonly frameSteps: ReadonlySet<number>;
  private frames: RecordedFrame[] = [];
  private firstRow: number;
  private nextRow: number;
  private current: TrainerState = 'training';
  private message: string | null = null;

  /**
   * @param session At step 0, or restored from a checkpoint of this training: recording continues with the same bits.
   * @param parameters Only for the sentence that a diverged run gets.
   */
  constructor(training: Training, session: Session, parameters: Parameters, start: TrainerStart = 'new') {
    this.training = training;
    this.session = session;
    this.parameters = parameters;
    this.rows = new Map(training.series.map((info) => [info.name, new GrowingRows(info.width)]));
    this.frameSteps = new Set(training.frameSteps);
    this.firstRow = session.step + (start === 'settled' ? 1 : 0);
    this.nextRow = this.firstRow;
    if (start === 'new') this.recordFrames();
    if (session.step >= training.steps) this.finish();
  }

  get state(): TrainerState {
    return this.current;
  }

  get step(): number {
    return this.session.step;
  }

  /** Takes one step and records its row; does nothing once finished or diverged. */
  advance(): void {
    if (this.current !== 'training') return;
    const observed = this.settled ? null : this.training.observe(this.session);
    this.session.run(1);
    if (observed && !this.record(observed, this.session.trainOutputs())) return;
    this.recordFrames();
    if (this.session.step >= this.training.steps) this.finish();
  }

  /**
   * Records the row of the present step before its update is taken, so that a run that halts shows where it stands.
   * The bits are those that the update would have recorded.
   */
  settle(): void {
    if (this.current !== 'training' || this.settled) return;
    this.record(this.training.observe(this.session), this.session.evaluate(this.training.trainEvaluation));
  }

  /** What was recorded since the last call. */
  take(): Batch {
    const rows = Object.fromEntries([...this.rows].map(([name, values]) => [name, values.take()]));
    const batch: Batch = {
      state: this.current,
      step: this.session.step,
      from: this.firstRow,
      count: this.nextRow - this.firstRow,
      rows,
      frames: this.frames,
      message: this.message,
    };
    this.firstRow = this.nextRow;
    this.frames = [];
    return batch;
  }

  /** State to resume from: rows before `step` and frames up to it are recorded. */
  checkpoint(): Checkpoint {
    return this.session.checkpoint();
  }

  private finish(): void {
    this.settle();
    if (this.current === 'training') this.current = 'finished';
  }

  /** True if the row of the present step is recorded. */
  private get settled(): boolean {
    return this.nextRow > this.session.step;
  }

  private recordFrames(): void {
    if (!this.frameSteps.has(this.session.step)) return;
    for (const { name, shape } of this.training.frames) {
      this.frames.push({ name, step: this.session.step, shape, values: this.session.read(name) });
    }
  }

  /** Appends a row; false if the run diverged in it. */
  private record(observed: Record<string, number | ArrayLike<number>>, outputs: Record<string, number>): boolean {
    let broken: string | null = null;
    for (const info of this.training.series) {
      const output = this.training.trainSeries[info.name];
      const derived = this.training.derivedSeries?.[info.name];
      const value = output !== undefined ? outputs[output] : derived ? derived(outputs) : observed[info.name];
      const row = typeof value === 'number' ? [value] : (value ?? []);
      if (row.length !== info.width) throw new RangeError(`series ${info.name} has ${info.width} numbers a row, but got ${row.length}`);
      this.rows.get(info.name)!.append(row);
      broken ??= info.mayBeUndefined || isFinite(row) ? null : info.label;
    }
    const row = this.nextRow++;
    if (broken === null) return true;
    this.current = 'diverged';
    this.message = divergedSentence(row, broken, this.parameters);
    return false;
  }
}

function isFinite(value: ArrayLike<number>): boolean {
  for (let i = 0; i < value.length; i++) if (!Number.isFinite(value[i])) return false;
  return true;
}

function divergedSentence(step: number, label: string, parameters: Parameters): string {
  const rate = parameters.learningRate;
  const advice =
    typeof rate === 'number' ? `a smaller learning rate than ${rate}, for example ${Number((rate / 10).toPrecision(3))}` : 'smaller steps';
  return `Training diverged at step ${step}: ${label} is no longer a finite number; try ${advice}.`;
}
