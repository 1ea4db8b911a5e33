import type { Parameters, RecordedRun, SeriesInfo } from '#app/experiments/experiment.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { GrowingRows } from '#app/runs/growing.ts';
import { lastStep } from '#app/runs/record.ts';
import type { Batch, RecordedFrame } from '#app/runs/trainer.ts';
import { lastAtOrBefore, readFrame, readFrameSteps } from '#main/store/folder-run.ts';
import { readGrown, seriesPath, type Recording } from '#main/store/run-folder.ts';

/**
 * What a run in training has recorded: all series in memory, frames on disk except those that are not written yet
 * and the newest of each name.
 */
export class LiveRecording implements RecordedRun {
  readonly id: string;
  readonly experiment: string;
  readonly parameters: Parameters;
  readonly seriesInfo: readonly SeriesInfo[];
  private readonly folder: string;
  private readonly columns: ReadonlyMap<string, GrowingRows>;
  private readonly stepsByName = new Map<string, number[]>();
  private unwritten: RecordedFrame[] = [];
  private readonly newest = new Map<string, RecordedFrame>();

  /** @param rows Rows that are on disk already and are kept, with frames up to that step. */
  constructor(record: RunRecord, recording: Recording, folder: string, rows: number) {
    this.id = record.id;
    this.experiment = record.experiment;
    this.parameters = record.parameters;
    this.seriesInfo = recording.series;
    this.folder = folder;
    this.columns = new Map(recording.series.map((info) => [info.name, new GrowingRows(info.width)]));
    if (rows > 0) for (const [name, column] of this.columns) column.append(readGrown(seriesPath(folder, name), 0, rows).values);
    for (const { name } of recording.frames) this.stepsByName.set(name, readFrameSteps(folder, name));
  }

  get rows(): number {
    const [column] = this.columns.values();
    return column?.rows ?? 0;
  }

  get steps(): number {
    return lastStep(this.rows);
  }

  append(batch: Pick<Batch, 'rows' | 'frames'>): void {
    for (const [name, values] of Object.entries(batch.rows)) this.columns.get(name)?.append(values);
    for (const frame of batch.frames) {
      this.stepsByName.get(frame.name)?.push(frame.step);
      this.unwritten.push(frame);
      this.newest.set(frame.name, frame);
    }
  }

  /** Frames that are waiting to be written; `written` forgets as many of them. */
  get framesWaiting(): number {
    return this.unwritten.length;
  }

  written(frames: number): void {
    this.unwritten.splice(0, frames);
  }

  series(name: string): { width: number; rows: number; values: Float64Array } {
    const column = this.columns.get(name);
    if (!column) throw new RangeError(`run ${this.id} has no series ${name}`);
    const { width, rows, values } = column;
    return { width, rows, values };
  }

  frameSteps(name: string): readonly number[] {
    const steps = this.stepsByName.get(name);
    if (!steps) throw new RangeError(`run ${this.id} has no frames ${name}`);
    return steps;
  }

  frame(name: string, step: number): { step: number; shape: readonly number[]; values: Float32Array | Float64Array } {
    const steps = this.frameSteps(name);
    if (steps.length === 0) throw new LotkaError('not-found', `No frame of ${name} is recorded yet.`);
    const wanted = steps[Math.max(0, lastAtOrBefore(steps, step))]!;
    const newest = this.newest.get(name);
    if (newest?.step === wanted) return newest;
    return this.unwritten.find((frame) => frame.name === name && frame.step === wanted) ?? readFrame(this.folder, name, steps, wanted);
  }
}
