import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Checkpoint } from '#app/engine/types.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { npyHeader, npyTypeOf, type NpyArray, type NpyType } from '#app/runs/npy.ts';
import { writeCheckpoint } from '#app/runs/npz.ts';
import type { Batch } from '#app/runs/trainer.ts';
import { lastAtOrBefore, readFrameSteps } from './folder-run.ts';
import type { Files, GrowingFile } from './files.ts';
import { checkpointPath, framesPath, frameStepsPath, grownInfo, recordPath, seriesPath, type Recording } from './run-folder.ts';

/** One growing .npy file with the rows that are not on disk yet. */
class Column {
  readonly path: string;
  private readonly type: NpyType;
  private readonly rowShape: readonly number[];
  private readonly rowLength: number;
  private file: GrowingFile | null = null;
  private readonly headerLength: number;
  private pending: NpyArray[] = [];
  private pendingBytes = 0;
  rowsOnDisk: number;

  constructor(path: string, type: NpyType, rowShape: readonly number[], rowsOnDisk: number) {
    this.path = path;
    this.type = type;
    this.rowShape = rowShape;
    this.rowLength = rowShape.reduce((size, length) => size * length, 1);
    this.headerLength = npyHeader(type, [0, ...rowShape]).length;
    this.rowsOnDisk = rowsOnDisk;
  }

  append(values: NpyArray): void {
    if (values.length === 0) return;
    this.pending.push(values);
    this.pendingBytes += values.byteLength;
  }

  /** Data first, header after: at every moment the header promises no more than there is. */
  async flush(files: Files): Promise<void> {
    if (this.pending.length === 0 && this.file) return;
    this.file ??= await files.openGrowing(this.path);
    const taken = this.pending.length;
    const bytes = new Uint8Array(this.pendingBytes);
    let offset = 0;
    for (const values of this.pending) {
      bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), offset);
      offset += values.byteLength;
    }
    const elementBytes = this.pending[0]?.BYTES_PER_ELEMENT ?? 1;
    const rowBytes = this.rowLength * elementBytes;
    const added = bytes.length / rowBytes;
    // A file that is just begun gets a header before its data, or a torn first write would leave no header at all.
    if (this.rowsOnDisk === 0) await this.file.write(npyHeader(this.type, [0, ...this.rowShape]), 0);
    await this.file.write(bytes, this.headerLength + this.rowsOnDisk * rowBytes);
    await this.file.write(npyHeader(this.type, [this.rowsOnDisk + added, ...this.rowShape]), 0);
    this.rowsOnDisk += added;
    this.pending.splice(0, taken);
    this.pendingBytes -= bytes.length;
  }

  /** Forgets everything after the first `rows` rows. */
  async truncate(files: Files, rows: number, elementBytes: number): Promise<void> {
    this.file ??= await files.openGrowing(this.path);
    await this.file.write(npyHeader(this.type, [rows, ...this.rowShape]), 0);
    await this.file.truncate(this.headerLength + rows * this.rowLength * elementBytes);
    this.rowsOnDisk = rows;
  }

  async close(): Promise<void> {
    await this.file?.close();
    this.file = null;
  }
}

/**
 * The one writer of a run's folder. What is handed to it stays in memory until `flush` succeeded, so a full disk
 * costs nothing: free some space and flush again. Calls may overlap; they are carried out one after another.
 */
export class RunWriter {
  readonly folder: string;
  private readonly files: Files;
  private readonly series = new Map<string, Column>();
  private readonly frames = new Map<string, { readonly values: Column; readonly steps: Column }>();
  private readonly recording: Recording;
  private queue: Promise<void> = Promise.resolve();
  private rolling: number | null = null;

  /** For a folder without rows; `truncateTo` first for one that has some. */
  constructor(folder: string, recording: Recording, files: Files) {
    this.folder = folder;
    this.files = files;
    this.recording = recording;
    for (const info of recording.series) {
      this.series.set(info.name, new Column(seriesPath(folder, info.name), '<f8', info.width === 1 ? [] : [info.width], 0));
    }
  }

  /** Takes over what was recorded. Arrays are kept, not copied. */
  append(batch: Pick<Batch, 'rows' | 'frames'>): void {
    for (const [name, values] of Object.entries(batch.rows)) this.series.get(name)?.append(values);
    for (const frame of batch.frames) {
      const columns = this.frameColumns(frame.name, npyTypeOf(frame.values));
      columns.values.append(frame.values);
      columns.steps.append(Int32Array.of(frame.step));
    }
  }

  /** Puts everything appended so far on disk. @throws LotkaError `disk-full` and the like; nothing is lost then. */
  flush(): Promise<void> {
    return this.inOrder(async () => {
      for (const column of this.series.values()) await column.flush(this.files);
      for (const { values, steps } of this.frames.values()) {
        await values.flush(this.files);
        await steps.flush(this.files);
      }
    });
  }

  /**
   * Saves a checkpoint after flushing what comes before it. A rolling one replaces the previous rolling one.
   * @param permanent Kept for replay; otherwise only until the next.
   */
  async checkpoint(checkpoint: Checkpoint, permanent: boolean): Promise<void> {
    await this.flush();
    await this.inOrder(async () => {
      await this.files.writeAtomic(checkpointPath(this.folder, checkpoint.step), writeCheckpoint(checkpoint));
      const previous = this.rolling;
      this.rolling = permanent ? null : checkpoint.step;
      if (previous !== null && previous !== checkpoint.step) await rm(checkpointPath(this.folder, previous), { force: true });
    });
  }

  writeRecord(record: RunRecord): Promise<void> {
    return this.inOrder(() => this.files.writeAtomic(recordPath(this.folder), `${JSON.stringify(record, null, 2)}\n`));
  }

  /** Goes back to a state: `rows` rows of every series, frames and checkpoints up to `step`. */
  truncateTo(rows: number, step: number): Promise<void> {
    return this.inOrder(async () => {
      await mkdir(join(this.folder, 'series'), { recursive: true });
      await mkdir(join(this.folder, 'frames'), { recursive: true });
      await mkdir(join(this.folder, 'checkpoints'), { recursive: true });
      for (const column of this.series.values()) await column.truncate(this.files, rows, 8);
      for (const { name } of this.recording.frames) {
        const type = grownInfo(framesPath(this.folder, name)).type;
        if (!type) continue;
        const kept = lastAtOrBefore(readFrameSteps(this.folder, name), step) + 1;
        const columns = this.frameColumns(name, type);
        await columns.values.truncate(this.files, kept, type === '<f8' ? 8 : 4);
        await columns.steps.truncate(this.files, kept, 4);
      }
      for (const name of await readdir(join(this.folder, 'checkpoints'))) {
        if (name.endsWith('.tmp') || Number.parseInt(name, 10) > step) await rm(join(this.folder, 'checkpoints', name), { force: true });
      }
    });
  }

  close(): Promise<void> {
    return this.inOrder(async () => {
      for (const column of this.series.values()) await column.close();
      for (const { values, steps } of this.frames.values()) {
        await values.close();
        await steps.close();
      }
    });
  }

  private frameColumns(name: string, type: NpyType): { values: Column; steps: Column } {
    let columns = this.frames.get(name);
    if (!columns) {
      const shape = this.recording.frames.find((info) => info.name === name)?.shape ?? [];
      columns = {
        values: new Column(framesPath(this.folder, name), type, shape, 0),
        steps: new Column(frameStepsPath(this.folder, name), '<i4', [], 0),
      };
      this.frames.set(name, columns);
    }
    return columns;
  }

  private inOrder(action: () => Promise<void>): Promise<void> {
    const done = this.queue.then(action);
    this.queue = done.catch(() => undefined);
    return done;
  }
}
