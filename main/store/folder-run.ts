import type { Parameters, RecordedRun, SeriesInfo } from '#app/experiments/experiment.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { lastStep } from '#app/runs/record.ts';
import {
  commonRows,
  framesPath,
  frameStepsPath,
  grownInfo,
  readGrown,
  readRecord,
  readRecording,
  seriesPath,
  type Recording,
} from './run-folder.ts';

/**
 * A run read from its folder. Nothing is read before it is asked for, and whole series only once.
 * What is appended while it is open is not seen: open it again.
 */
export class FolderRun implements RecordedRun {
  readonly id: string;
  readonly experiment: string;
  readonly parameters: Parameters;
  readonly steps: number;
  readonly seriesInfo: readonly SeriesInfo[];
  /** Rows that every series has. */
  readonly rows: number;
  private readonly seriesCache = new Map<string, Float64Array>();
  private readonly stepsCache = new Map<string, readonly number[]>();
  private readonly folder: string;
  private readonly recording: Recording;

  /** @throws LotkaError `store-corrupt` if the folder's descriptions are damaged. */
  constructor(folder: string, record: RunRecord = readRecord(folder)) {
    this.folder = folder;
    this.recording = readRecording(folder);
    this.id = record.id;
    this.experiment = record.experiment;
    this.parameters = record.parameters;
    this.seriesInfo = this.recording.series;
    this.rows = commonRows(folder, this.recording);
    this.steps = lastStep(this.rows);
  }

  series(name: string): { width: number; rows: number; values: Float64Array } {
    const info = this.seriesInfo.find((candidate) => candidate.name === name);
    if (!info) throw new RangeError(`run ${this.id} has no series ${name}`);
    let values = this.seriesCache.get(name);
    if (!values) {
      values = Float64Array.from(readGrown(seriesPath(this.folder, name), 0, this.rows).values);
      this.seriesCache.set(name, values);
    }
    return { width: info.width, rows: this.rows, values };
  }

  frameSteps(name: string): readonly number[] {
    if (!this.recording.frames.some((info) => info.name === name)) throw new RangeError(`run ${this.id} has no frames ${name}`);
    let steps = this.stepsCache.get(name);
    if (!steps) {
      steps = readFrameSteps(this.folder, name);
      this.stepsCache.set(name, steps);
    }
    return steps;
  }

  frame(name: string, step: number): { step: number; shape: readonly number[]; values: Float32Array | Float64Array } {
    return readFrame(this.folder, name, this.frameSteps(name), step);
  }
}

/** Steps of the frames that are whole on disk. */
export function readFrameSteps(folder: string, name: string): number[] {
  const frames = grownInfo(framesPath(folder, name)).rows;
  return Array.from(readGrown(frameStepsPath(folder, name), 0, frames).values);
}

/**
 * The recorded frame nearest at or before `step`; before the first one, the first.
 * @throws LotkaError `not-found` if nothing was recorded yet.
 */
export function readFrame(
  folder: string,
  name: string,
  steps: readonly number[],
  step: number,
): { step: number; shape: readonly number[]; values: Float32Array | Float64Array } {
  if (steps.length === 0) throw new LotkaError('not-found', `No frame of ${name} is recorded yet.`);
  const index = Math.max(0, lastAtOrBefore(steps, step));
  const { rowShape, values } = readGrown(framesPath(folder, name), index, index + 1);
  if (!(values instanceof Float32Array || values instanceof Float64Array) || values.length === 0) {
    throw new LotkaError('store-corrupt', `${framesPath(folder, name)} does not hold the frame of step ${steps[index]}.`);
  }
  return { step: steps[index]!, shape: rowShape, values };
}

/** Index of the last element that is not greater than `step`, -1 if there is none. */
export function lastAtOrBefore(steps: readonly number[], step: number): number {
  let low = 0;
  let high = steps.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (steps[middle]! <= step) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
