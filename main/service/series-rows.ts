import type { RecordedRun } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { FolderRun } from '#main/store/folder-run.ts';
import { readGrown, seriesPath } from '#main/store/run-folder.ts';
import type { LiveRecording } from './live-recording.ts';

/** Rows of some series: `from` is the first one there is, values by name are row-major. */
export interface SeriesRows {
  readonly from: number;
  readonly values: Record<string, Float64Array>;
}

/** Rows `from` to `to` (exclusive) of a run that trains, as far as it has them. @throws LotkaError `not-found` for an unknown series */
export function liveRows(recording: LiveRecording, names: readonly string[], from: number, to: number): SeriesRows {
  const rowsOf = (name: string): Float64Array => {
    const { width, values } = recording.series(known(name, recording));
    return values.slice(from * width, Math.max(from, to) * width);
  };
  return { from: Math.min(from, recording.rows), values: Object.fromEntries(names.map((name) => [name, rowsOf(name)])) };
}

/** The same of a run in a folder, reading no more of the files than is asked for. */
export function storedRows(run: FolderRun, folder: string, names: readonly string[], from: number, to: number): SeriesRows {
  const last = Math.min(to, run.rows);
  const rowsOf = (name: string): Float64Array =>
    Float64Array.from(readGrown(seriesPath(folder, known(name, run)), Math.min(from, last), last).values);
  return { from: Math.min(from, run.rows), values: Object.fromEntries(names.map((name) => [name, rowsOf(name)])) };
}

function known(name: string, run: RecordedRun): string {
  if (run.seriesInfo.some((info) => info.name === name)) return name;
  throw new LotkaError('not-found', `Run ${run.id} has no series "${name}"; it has ${run.seriesInfo.map((info) => info.name).join(', ')}.`);
}
