import { rm } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import type { Trial } from '../backend.ts';
import * as slurm from './commands.ts';
import { folderUnseen } from './script.ts';
import { readArray, readJob, TaskReader, writeArray, writeJob, type ArrayWork } from './shared-folder.ts';

/** One task of an array, as far as it is known. */
export interface Task {
  readonly index: number;
  readonly trials: readonly Trial[];
  /** `lost`: it ended without having said that it is done. */
  phase: 'waiting' | 'running' | 'ended' | 'lost';
  node: string;
  /** Slurm's word for how it is, or ended. */
  state: string;
  /** What it trained when it last said so; null before. */
  training: readonly TrialKey[] | null;
  refused: string | null;
}

/** An array that was submitted, now or before this process began. */
export class JobArray {
  readonly folder: string;
  readonly work: ArrayWork;
  readonly tasks: readonly (Task & { readonly reader: TaskReader })[];
  #job: string | null;

  private constructor(folder: string, work: ArrayWork, job: string | null) {
    this.folder = folder;
    this.work = work;
    this.#job = job;
    this.tasks = work.chunks.map((trials, index) => ({
      index,
      trials,
      phase: 'waiting',
      node: '',
      state: 'PENDING',
      training: null,
      refused: null,
      reader: new TaskReader(folder, index),
    }));
  }

  /** @throws LotkaError when the folder cannot be written or Slurm takes no job; then nothing is left behind */
  static async submit(folder: string, work: ArrayWork, script: (token: string) => string, options: readonly string[]): Promise<JobArray> {
    let job: string | null = null;
    try {
      await writeArray(folder, work, script);
      // Named after its folder, so that it is found even if this process dies before it has written down the number.
      job = await slurm.submit(`${folder}/job.sh`, nameOf(folder), work.chunks.length, options);
      await writeJob(folder, job);
      return new JobArray(folder, work, job);
    } catch (error) {
      if (job !== null) await slurm.cancel(job);
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  /**
   * One that an earlier process submitted; null where there is none that can be read.
   * @throws LotkaError `unavailable` when Slurm does not tell whether it got it
   */
  static async find(folder: string): Promise<JobArray | null> {
    const work = await readArray(folder).catch(() => null);
    return work && new JobArray(folder, work, (await readJob(folder)) ?? (await slurm.jobNamed(nameOf(folder))));
  }

  /** The number of the job; null if Slurm never got it. */
  get job(): string | null {
    return this.#job;
  }

  get over(): boolean {
    return this.tasks.every(isOver);
  }

  /** Reads what tasks wrote since; of lost ones too, for a network file system may be late. */
  async read(): Promise<TrialResult[]> {
    const results: TrialResult[] = [];
    for (const task of this.tasks) if (task.phase === 'running' || task.phase === 'lost') results.push(...(await readTask(task)));
    return results;
  }

  /**
   * Asks Slurm how the tasks are, and reads to the end what those wrote that are over.
   * @returns Their results.
   */
  async refresh(): Promise<TrialResult[]> {
    const states = this.#job === null ? new Map<number, slurm.TaskState>() : await slurm.taskStates(this.#job);
    if (states === null) return [];
    const results: TrialResult[] = [];
    for (const task of this.tasks) {
      if (isOver(task)) continue;
      const known = states.get(task.index);
      if (known) {
        task.state = known.state;
        task.node = known.node || task.node;
      }
      if (known?.state === 'PENDING') continue;
      // Read after Slurm has said that it is over, so there is no more to come.
      results.push(...(await readTask(task)));
      if (isOver(task)) continue;
      task.phase = known && !known.over ? 'running' : 'lost';
      if (task.phase === 'lost' && task.training === null && (await this.#exitCode(task)) === folderUnseen)
        task.refused = folderUnseenSentence(this.folder, task.node);
    }
    return results;
  }

  /** Why a task was lost, as far as Slurm and its own last words tell. */
  async reason({ index, state }: Task): Promise<string> {
    // Slurm may have forgotten it between two questions.
    const last = /^(PENDING|RUNNING|COMPLETING)$/.test(state) ? (await this.#account(index))?.state : state;
    const words = await this.tasks[index]!.reader.lastWords();
    return [last ?? 'it vanished', ...(words ? [words] : [])].join(': ');
  }

  /** @returns Whether Slurm was told. */
  async cancel(): Promise<boolean> {
    return this.#job === null || slurm.cancel(this.#job);
  }

  async #exitCode({ index }: Task): Promise<number | null> {
    return (await this.#account(index))?.exitCode ?? null;
  }

  async #account(task: number): Promise<slurm.Account | null> {
    return this.#job === null ? null : slurm.account(this.#job, task);
  }
}

const nameOf = (folder: string): string => basename(folder);

const isOver = ({ phase }: Task): boolean => phase === 'ended' || phase === 'lost';

async function readTask(task: JobArray['tasks'][number]): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  for (const line of await task.reader.read()) {
    results.push(...(line.results ?? []));
    task.training = line.training ?? task.training;
    task.refused = line.refused ?? task.refused;
    if (line.ended || line.refused !== undefined) {
      task.phase = 'ended';
      task.training = [];
    }
  }
  return results;
}

const folderUnseenSentence = (folder: string, node: string): string =>
  `The folder ${dirname(dirname(folder))} is not shared: node ${node || 'of the cluster'} does not see what this machine writes there. ` +
  'Name a folder that all nodes see under the same path.';
