/**
 * What the coordinator and the tasks of a Slurm array say to each other, through a folder that both see.
 *
 * `array.json`: the work, cut into chunks, one a task. `token`: proves to a task that it sees this folder and no other of that name.
 * `job`: the number Slurm gave the array. `results/<task>.jsonl`: what a task says, one JSON object a line; only whole lines count.
 * `log/<task>.txt`: whatever else it prints.
 */
import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { Backend } from '#app/protocol/backend.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import { diskError, diskFiles } from '#main/store/files.ts';

const ArrayWork = z.object({
  format: z.literal(1),
  sweep: z.string(),
  experiment: z.string(),
  backend: Backend,
  engine: z.string(),
  lotka: z.string(),
  secondsPerTrial: z.number().nullable(),
  chunks: z.array(z.array(z.object({ ...TrialKey.shape, parameters: z.record(z.string(), z.json()) }))),
});
/** The work of one array; chunk `k` is trained by task `k`. */
export type ArrayWork = z.infer<typeof ArrayWork>;

const TaskLine = z.object({
  results: z.array(TrialResult).optional(),
  /** All that it trains now. */
  training: z.array(TrialKey).optional(),
  /** It is done and says nothing more. */
  ended: z.literal(true).optional(),
  /** It could not begin: a sentence. */
  refused: z.string().optional(),
});
export type TaskLine = z.infer<typeof TaskLine>;

export const resultsPath = (folder: string, task: number): string => join(folder, 'results', `${task}.jsonl`);
const logPath = (folder: string, task: number): string => join(folder, 'log', `${task}.txt`);

/**
 * Writes a new array into a folder of its own.
 * @returns The token in it.
 * @throws LotkaError where the disk refuses
 */
export async function writeArray(folder: string, work: ArrayWork, script: (token: string) => string): Promise<void> {
  const token = randomBytes(16).toString('hex');
  try {
    await fs.mkdir(join(folder, 'results'), { recursive: true });
    await fs.mkdir(join(folder, 'log'));
    // Network file systems remember for a while that a file is not there; what exists already is looked up anew when it is opened.
    for (let task = 0; task < work.chunks.length; task++) await fs.writeFile(resultsPath(folder, task), '');
    await fs.writeFile(join(folder, 'token'), `${token}\n`);
    await fs.writeFile(join(folder, 'job.sh'), script(token), { mode: 0o755 });
    await diskFiles.writeAtomic(join(folder, 'array.json'), JSON.stringify(work));
  } catch (error) {
    throw diskError(error, folder);
  }
}

/** @throws LotkaError `unavailable` when it cannot be read */
export async function readArray(folder: string): Promise<ArrayWork> {
  const path = join(folder, 'array.json');
  try {
    return ArrayWork.parse(JSON.parse(await fs.readFile(path, 'utf8')));
  } catch (error) {
    throw new LotkaError('unavailable', `${path} cannot be read: it is missing, damaged, or of another version of Lotka.`, {
      cause: error,
    });
  }
}

export const writeJob = (folder: string, job: string): Promise<void> => diskFiles.writeAtomic(join(folder, 'job'), `${job}\n`);

/** The number of the array, or null if it was not written down. */
export const readJob = async (folder: string): Promise<string | null> =>
  (await fs.readFile(join(folder, 'job'), 'utf8').catch(() => '')).trim() || null;

/** Where a task says what it has done. Each line is on the server, for every reader, when the promise has settled. */
export class TaskWriter {
  readonly #path: string;

  constructor(folder: string, task: number) {
    this.#path = resultsPath(folder, task);
  }

  /** @throws LotkaError where the disk refuses */
  async write(line: TaskLine): Promise<void> {
    // Opened anew each time: closing is what makes a network file system send it. A line that a kill cut short stays one of its own.
    try {
      const file = await fs.open(this.#path, 'a');
      try {
        await file.writeFile(`\n${JSON.stringify(line)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
    } catch (error) {
      throw diskError(error, this.#path);
    }
  }
}

/** Reads what a task said since it was last asked. */
export class TaskReader {
  readonly #folder: string;
  readonly #task: number;
  #position = 0;

  constructor(folder: string, task: number) {
    this.#folder = folder;
    this.#task = task;
  }

  /** New lines. What is not a line of ours, such as one that a kill cut short, is passed over. */
  async read(): Promise<TaskLine[]> {
    const text = await this.#rest();
    const end = text.lastIndexOf(0x0a) + 1;
    this.#position += end;
    return text
      .subarray(0, end)
      .toString('utf8')
      .split('\n')
      .flatMap((line) => lineOf(line) ?? []);
  }

  /** The last words of its log, for sentences; empty if it has none. */
  async lastWords(): Promise<string> {
    const log = await fs.readFile(logPath(this.#folder, this.#task), 'utf8').catch(() => '');
    return log.trim().split('\n').at(-1)?.trim().slice(0, 300) ?? '';
  }

  async #rest(): Promise<Buffer> {
    let file: fs.FileHandle;
    try {
      file = await fs.open(resultsPath(this.#folder, this.#task), 'r');
    } catch {
      return Buffer.alloc(0);
    }
    try {
      const { size } = await file.stat();
      const bytes = Buffer.alloc(Math.max(0, size - this.#position));
      const { bytesRead } = await file.read(bytes, 0, bytes.length, this.#position);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  }
}

function lineOf(text: string): TaskLine | null {
  if (text === '') return null;
  try {
    return TaskLine.parse(JSON.parse(text));
  } catch {
    return null;
  }
}
