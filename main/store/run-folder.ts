/**
 * A run is a folder:
 *   run.json                   the record: what lists show
 *   recording.json             names and shapes of what is recorded
 *   series/<name>.npy          one row a step, growing
 *   frames/<name>.npy          one array a recorded step, growing
 *   frames/<name>.steps.npy    their steps
 *   checkpoints/<step>.npz     what resume and replay start from
 */
import { join } from 'node:path';
import type { z } from 'zod';
import type { Checkpoint } from '#app/engine/types.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { RecordingInfo, RunRecord } from '#app/protocol/contract.ts';
import { bytesPerElement, elements, product, readNpyHeader, type NpyArray, type NpyType } from '#app/runs/npy.ts';
import { readCheckpoint } from '#app/runs/npz.ts';
import { listParts, readPart, withPart, type OpenPart } from './parts.ts';

export type Recording = z.infer<typeof RecordingInfo>;

export const recordPath = (folder: string): string => join(folder, 'run.json');
export const recordingPath = (folder: string): string => join(folder, 'recording.json');
export const seriesPath = (folder: string, name: string): string => join(folder, 'series', `${name}.npy`);
export const framesPath = (folder: string, name: string): string => join(folder, 'frames', `${name}.npy`);
export const frameStepsPath = (folder: string, name: string): string => join(folder, 'frames', `${name}.steps.npy`);
export const checkpointPath = (folder: string, step: number): string => join(folder, 'checkpoints', `${step}.npz`);

function readJson<T>(path: string, schema: z.ZodType<T>, consequence: string): T {
  const damaged = (how: string, cause: unknown): LotkaError =>
    new LotkaError('store-corrupt', `${path} ${how}, so ${consequence}; restore it from a copy or delete the run.`, { cause });
  let bytes: Uint8Array | null;
  try {
    bytes = readPart(path);
  } catch (cause) {
    throw damaged('cannot be read', cause);
  }
  if (!bytes) throw damaged('is not there', null);
  try {
    return schema.parse(JSON.parse(new TextDecoder().decode(bytes)));
  } catch (cause) {
    throw damaged('is damaged', cause);
  }
}

/** @throws LotkaError `store-corrupt` with a sentence naming the file. */
export const readRecord = (folder: string): RunRecord => readJson(recordPath(folder), RunRecord, 'nobody knows what this run is');

/** @throws LotkaError `store-corrupt` with a sentence naming the file. */
export const readRecording = (folder: string): Recording =>
  readJson(recordingPath(folder), RecordingInfo, 'nobody knows what this run recorded');

export interface GrownInfo {
  /** Null if the file is not there. */
  readonly type: NpyType | null;
  /** Whole rows in the file, whatever its header says: a torn tail does not count. */
  readonly rows: number;
  readonly rowShape: readonly number[];
  readonly dataOffset: number;
  readonly rowBytes: number;
}

const noFile: GrownInfo = { type: null, rows: 0, rowShape: [], dataOffset: 0, rowBytes: 0 };

/**
 * Looks at a growing .npy file without reading its data. A file that is not there has no rows.
 * @throws LotkaError `store-corrupt` if what is there is no such file.
 */
export function grownInfo(path: string): GrownInfo {
  return withGrown(path, noFile, (part) => infoOf(part, path));
}

/**
 * Rows `from` to `to` (exclusive, at most what is there) of a growing .npy file.
 * @throws LotkaError `store-corrupt` if the file is damaged.
 */
export function readGrown(path: string, from = 0, to = Infinity): GrownInfo & { readonly from: number; readonly values: NpyArray } {
  const nothing = { ...noFile, from: 0, values: new Float64Array(0) as NpyArray };
  return withGrown(path, nothing, (part) => {
    const info = infoOf(part, path);
    const first = Math.min(from, info.rows);
    const last = Math.max(first, Math.min(to, info.rows));
    const bytes = new Uint8Array((last - first) * info.rowBytes);
    part.read(bytes, info.dataOffset + first * info.rowBytes);
    return { ...info, from: first, values: elements(info.type, bytes) };
  });
}

/** An empty file is one whose first write never happened. */
const withGrown = <T>(path: string, missing: T, use: (part: OpenPart) => T): T =>
  withPart(path, missing, (part) => (part.size === 0 ? missing : use(part)));

function infoOf({ size, read }: OpenPart, path: string): GrownInfo & { readonly type: NpyType } {
  const head = new Uint8Array(Math.min(size, 4096 + 16));
  read(head, 0);
  const header = readNpyHeader(head, path);
  if (header.shape.length === 0) throw new LotkaError('store-corrupt', `${path} holds one number where rows should be.`);
  const rowShape = header.shape.slice(1);
  const rowBytes = product(rowShape) * bytesPerElement(header.type);
  if (rowBytes === 0) throw new LotkaError('store-corrupt', `${path} has rows of no numbers.`);
  return {
    type: header.type,
    rows: Math.max(0, Math.floor((size - header.dataOffset) / rowBytes)),
    rowShape,
    dataOffset: header.dataOffset,
    rowBytes,
  };
}

/** Steps of the checkpoints of a run that lie at or before `last`, ascending. */
export function checkpointSteps(folder: string, last = Infinity): number[] {
  return listParts(join(folder, 'checkpoints'))
    .filter((name) => /^\d+\.npz$/.test(name))
    .map((name) => Number.parseInt(name, 10))
    .filter((step) => step <= last)
    .sort((a, b) => a - b);
}

/** @throws LotkaError `store-corrupt` if the file is missing or damaged. */
export function loadCheckpoint(folder: string, step: number): Checkpoint {
  const path = checkpointPath(folder, step);
  const bytes = readPart(path);
  if (!bytes) throw new LotkaError('store-corrupt', `${path} cannot be read.`);
  const checkpoint = readCheckpoint(bytes, path);
  if (checkpoint.step !== step) throw new LotkaError('store-corrupt', `${path} holds step ${checkpoint.step}.`);
  return checkpoint;
}

/** The latest readable checkpoint at or before `step`, or null: damaged ones are passed over. */
export function nearestCheckpoint(folder: string, step: number): Checkpoint | null {
  for (const candidate of checkpointSteps(folder, step).reverse()) {
    try {
      return loadCheckpoint(folder, candidate);
    } catch (error) {
      if (!(error instanceof LotkaError)) throw error;
    }
  }
  return null;
}

/** Whole rows that every series of a run has, and that the run can go on from. */
export function commonRows(folder: string, recording: Recording): number {
  return Math.min(...recording.series.map((info) => grownInfo(seriesPath(folder, info.name)).rows));
}
