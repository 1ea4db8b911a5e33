/** Writes runs and sweeps as one .lotka file, piece by piece: nothing of it is held in memory. */
import { createReadStream } from 'node:fs';
import { Readable } from 'node:stream';
import { join } from 'node:path';
import { ZipFile } from 'yazl';
import { archiveFormat, manifestName, type Manifest } from '#app/archives/layout.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { RunRecord } from '#app/protocol/run.ts';
import type { SweepRecord } from '#app/protocol/sweep.ts';
import { isOver } from '#app/runs/record.ts';
import { listParts, placeOf } from '#main/store/parts.ts';
import { checkpointSteps } from '#main/store/run-folder.ts';

/** What goes into a file: records as they are now, and the folders they lie in. */
export interface Packing {
  readonly title: string;
  readonly lotka: string;
  /** ISO time. */
  readonly created: string;
  readonly runs: readonly { readonly record: RunRecord; readonly folder: string }[];
  readonly sweeps: readonly { readonly record: SweepRecord; readonly folder: string }[];
  /** Only the last checkpoint of each run: a state between is trained again when it is needed, to the same bits. */
  readonly lean: boolean;
  /** Imported datasets that the runs learned from. */
  readonly datasets: readonly { readonly id: string; readonly folder: string }[];
}

export interface Piece {
  readonly bytes: Uint8Array;
  /** Bytes of the whole file. */
  readonly total: number;
}

/** Bytes of a piece: a message that every wire carries. */
const pieceBytes = 1 << 20;

/**
 * The file from its beginning to its end, in pieces of about a megabyte.
 * @throws LotkaError `not-found` if there is nothing to pack, `unavailable` if a file cannot be read
 */
export async function* pack(packing: Packing, signal: AbortSignal): AsyncGenerator<Piece> {
  if (packing.runs.length + packing.sweeps.length === 0) throw new LotkaError('bad-input', 'Choose runs or sweeps to write into a file.');
  const zip = new ZipFile();
  const mtime = new Date(packing.created);
  const addText = (name: string, value: unknown): void =>
    zip.addBuffer(Buffer.from(`${JSON.stringify(value, null, 2)}\n`), name, { compress: false, mtime });
  const addFile = (name: string, path: string): void => {
    const place = placeOf(path);
    // What is appended while it is being read belongs to a later file.
    const { file, start, length } = place ?? { file: path, start: 0, length: 0 };
    zip.addReadStreamLazy(name, { compress: false, mtime, size: length }, (take) => {
      take(null, length === 0 ? Readable.from([]) : createReadStream(file, { start, end: start + length - 1 }));
    });
  };
  const manifest: Manifest = { format: archiveFormat, lotka: packing.lotka, title: packing.title, created: packing.created };
  addText(manifestName, manifest);
  for (const { record, folder } of packing.runs) {
    addText(`runs/${record.id}/run.json`, packedRun(record));
    for (const name of runParts(folder, packing.lean)) addFile(`runs/${record.id}/${name}`, join(folder, name));
  }
  for (const { record, folder } of packing.sweeps) {
    addText(`sweeps/${record.id}/sweep.json`, packedSweep(record));
    addFile(`sweeps/${record.id}/results.jsonl`, join(folder, 'results.jsonl'));
  }
  for (const { id, folder } of packing.datasets)
    for (const name of ['dataset.json', 'inputs.npy', 'target.npy']) addFile(`datasets/${id}/${name}`, join(folder, name));
  const total = await new Promise<number>((resolve, reject) => {
    zip.on('error', reject);
    zip.end({ forceZip64Format: false, comment: '' }, resolve as () => void);
  });
  yield* pieces(zip, total, signal);
}

async function* pieces(zip: ZipFile, total: number, signal: AbortSignal): AsyncGenerator<Piece> {
  const stream = Readable.from(zip.outputStream);
  zip.on('error', (error) => stream.destroy(error as Error));
  let [waiting, length]: [Uint8Array[], number] = [[], 0];
  const joined = (): Piece => {
    const bytes = new Uint8Array(Buffer.concat(waiting, length));
    [waiting, length] = [[], 0];
    return { bytes, total };
  };
  for await (const chunk of stream as AsyncIterable<Uint8Array>) {
    if (signal.aborted) return;
    waiting.push(chunk);
    length += chunk.length;
    if (length >= pieceBytes) yield joined();
  }
  if (length > 0 && !signal.aborted) yield joined();
}

function runParts(folder: string, lean: boolean): string[] {
  const arrays = ['series', 'frames'].flatMap((part) =>
    listParts(join(folder, part))
      .filter((name) => name.endsWith('.npy'))
      .sort()
      .map((name) => `${part}/${name}`),
  );
  const checkpoints = checkpointSteps(folder).map((step) => `checkpoints/${step}.npz`);
  return ['recording.json', ...arrays, ...(lean ? checkpoints.slice(-1) : checkpoints)];
}

/** A run in a file does not train, and belongs to no other file. */
function packedRun({ file: _file, ...record }: RunRecord): RunRecord {
  return isOver(record.status) ? record : { ...record, status: 'stopped', message: null };
}

/** Where it was trained is of no use to others, and may name machines of theirs. */
function packedSweep({ file: _file, ...record }: SweepRecord): SweepRecord {
  const over = record.status === 'running' || record.status === 'planned' ? { status: 'paused' as const, message: null } : {};
  return { ...record, ...over, place: { kind: 'local' } };
}
