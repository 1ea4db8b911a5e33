/**
 * A sweep is a folder:
 *   sweep.json      the record: what lists show
 *   results.jsonl   one result a line, in the order in which they were recorded, growing
 * A trial that failed may be there again, with what a later attempt came to. Which trial a line is of, it says itself.
 */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { LotkaError } from '#app/protocol/errors.ts';
import { SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { trialName } from '#app/sweeps/trials.ts';
import type { Files, GrowingFile } from '#main/store/files.ts';
import { readPart } from '#main/store/parts.ts';

export const sweepPath = (folder: string): string => join(folder, 'sweep.json');
export const resultsPath = (folder: string): string => join(folder, 'results.jsonl');

/** A line leaves out what mostly is the same. */
const StoredResult = z.object({
  ...TrialResult.shape,
  message: TrialResult.shape.message.default(null),
  attempt: TrialResult.shape.attempt.default(1),
  run: TrialResult.shape.run.default(null),
});

/**
 * @throws LotkaError `store-newer` for what a newer Lotka wrote, `store-corrupt` if the file is missing or damaged; one sentence each
 */
export function readSweep(folder: string): SweepRecord {
  const path = sweepPath(folder);
  const damaged = (how: string, cause?: unknown): LotkaError =>
    new LotkaError('store-corrupt', `${path} ${how}, so nobody knows what this sweep is; restore it from a copy or delete the sweep.`, {
      cause,
    });
  let content: unknown;
  try {
    const bytes = readPart(path);
    if (!bytes) throw damaged('cannot be read');
    content = JSON.parse(new TextDecoder().decode(bytes));
  } catch (cause) {
    if (cause instanceof LotkaError) throw cause;
    throw damaged(cause instanceof SyntaxError ? 'is damaged' : 'cannot be read', cause);
  }
  const format = (content as { format?: unknown } | null)?.format;
  if (typeof format === 'number' && format > newestFormat)
    throw new LotkaError(
      'store-newer',
      `${path} was written by a newer Lotka (format ${format}, this one knows ${newestFormat}); update Lotka to open this sweep.`,
    );
  const parsed = SweepRecord.safeParse(content);
  if (!parsed.success) throw damaged('is damaged', parsed.error);
  return parsed.data;
}

const newestFormat = SweepRecord.shape.format.value;

/**
 * Results by `trialName`. Of several for one trial the first counts that did not fail. Lines that cannot be read, as a torn last
 * one, are as if they were not there: their trials are trained again, to the same bits.
 */
export function readResults(folder: string): Map<string, TrialResult> {
  const results = new Map<string, TrialResult>();
  const bytes = readPart(resultsPath(folder));
  if (!bytes) return results;
  const text = new TextDecoder().decode(bytes);
  // What stands behind the last end of a line is torn, even if it can be read: the next write cuts it off.
  for (const line of text.split('\n').slice(0, -1)) {
    const result = resultOf(line);
    if (result) record(results, result);
  }
  return results;
}

/** Adds a result unless the trial has one already that did not fail. @returns whether it was added */
export function record(results: Map<string, TrialResult>, result: TrialResult): boolean {
  const name = trialName(result);
  const known = results.get(name);
  if (known && known.state !== 'failed') return false;
  results.set(name, result);
  return true;
}

function resultOf(line: string): TrialResult | null {
  try {
    return StoredResult.parse(JSON.parse(line));
  } catch {
    return null;
  }
}

/** The line of a result. Seconds are kept to the microsecond. */
export function resultLine({ message, attempt, run, seconds, ...rest }: TrialResult): string {
  const line = {
    ...rest,
    seconds: Math.round(seconds * 1e6) / 1e6,
    ...(message === null ? {} : { message }),
    ...(attempt === 1 ? {} : { attempt }),
    ...(run === null ? {} : { run }),
  };
  return `${JSON.stringify(line)}\n`;
}

/**
 * Appends results. What is appended while others are being written goes to disk with the next write, in one piece, so that the
 * disk sets the pace: nothing waits longer than for two writes.
 */
export class ResultsFile {
  readonly #path: string;
  readonly #files: Files;
  #file: GrowingFile | null = null;
  #position = 0;
  #pending: string[] = [];
  #writing: Promise<void> = Promise.resolve();
  #next: Promise<void> | null = null;

  constructor(folder: string, files: Files) {
    this.#path = resultsPath(folder);
    this.#files = files;
  }

  /** Resolves when the results would outlive a power cut. @throws LotkaError `disk-full` and the like; they are not recorded then */
  append(results: readonly TrialResult[]): Promise<void> {
    this.#pending.push(...results.map(resultLine));
    this.#next ??= this.#writing = this.#writing.catch(() => undefined).then(() => this.#write());
    return this.#next;
  }

  /** Waits for what is being written. */
  async close(): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#file?.close();
    this.#file = null;
  }

  async #write(): Promise<void> {
    const bytes = new TextEncoder().encode(this.#pending.join(''));
    this.#pending = [];
    this.#next = null;
    const file = (this.#file ??= await this.#open());
    try {
      await file.write(bytes, this.#position);
      await file.sync();
      this.#position += bytes.length;
    } catch (error) {
      // Half a line may be there: the next write begins by cutting it off.
      this.#file = null;
      await file.close().catch(() => undefined);
      throw error;
    }
  }

  async #open(): Promise<GrowingFile> {
    this.#position = wholeLines(this.#path);
    const file = await this.#files.openGrowing(this.#path);
    await file.truncate(this.#position);
    return file;
  }
}

/** Bytes of a file up to the end of its last whole line; 0 if it is not there. */
function wholeLines(path: string): number {
  if (!statSync(path, { throwIfNoEntry: false })) return 0;
  return readFileSync(path).lastIndexOf(0x0a) + 1;
}
