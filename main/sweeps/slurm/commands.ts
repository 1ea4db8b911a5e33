/** Slurm's commands, and their answers as data. */
import { execFile } from 'node:child_process';
import { LotkaError } from '#app/protocol/errors.ts';

/** A command that the controller does not answer ends by itself after some time; this is the end of waiting for it. */
const commandMilliseconds = 60_000;

interface Answer {
  readonly code: number;
  readonly out: string;
  readonly errors: string;
}

/** Slurm's commands are not on this machine. */
export class SlurmAbsent extends LotkaError {
  constructor(command: string) {
    super(
      'unavailable',
      `${command} was not found: sweeps on Slurm are started on a machine that has Slurm's commands, such as a login node.`,
    );
  }
}

/** @throws SlurmAbsent when there is no such command */
function ask(command: string, args: readonly string[], timeout = commandMilliseconds): Promise<Answer> {
  return new Promise((resolve, reject) => {
    // Options of the user's environment would change what the answers look like.
    // What the environment has is kept with each job: a password that jobs do not need stays here.
    const environment = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^S(QUEUE|ACCT|BATCH)_|^LOTKA_REDIS_PASSWORD$/.test(name)),
    );
    execFile(command, args, { timeout, maxBuffer: 1 << 28, env: environment }, (error, out, errors) => {
      if (error?.code === 'ENOENT') {
        reject(new SlurmAbsent(command));
        return;
      }
      const late = error?.killed ? `${errors}${command} did not answer within ${timeout / 1000} seconds` : errors;
      resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : 1, out, errors: late });
    });
  });
}

/** What a command complained of, without its own name. */
const complaint = ({ errors, out }: Answer): string =>
  (errors.trim() || out.trim())
    .split('\n')[0]!
    .replace(/^\w+: (?:error: |fatal: )?/, '')
    .replace(/\.$/, '') || 'it did not say why';

const unanswered = (answer: Answer): LotkaError => new LotkaError('unavailable', `Slurm does not answer: ${complaint(answer)}.`);

/**
 * Makes sure that Slurm's controller answers. Where Slurm is not set up, its commands look for their settings for a minute.
 * @param patience Milliseconds to wait for it.
 * @throws LotkaError `unavailable`
 */
export async function requireSlurm(patience: number): Promise<void> {
  const ping = await ask('scontrol', ['ping'], patience);
  if (!/\bUP\b/.test(ping.out)) throw unanswered(ping);
}

/** How many tasks an array may have, at least 1. @throws LotkaError `unavailable` where there may be no arrays */
export async function largestArray(): Promise<number> {
  const { out } = await ask('scontrol', ['show', 'config']);
  const size = Number(/^MaxArraySize\s*=\s*(\d+)/m.exec(out)?.[1] ?? 1001);
  if (size > 0) return size;
  throw new LotkaError('unavailable', 'This cluster takes no job arrays (its MaxArraySize is 0), and sweeps are trained as such.');
}

/** Slurm was asked and did not take a job. */
export class SubmissionRefused extends LotkaError {
  constructor(reason: string) {
    super('unavailable', `sbatch refused the job: ${reason}.`);
  }
}

/**
 * Submits a job script as an array of tasks 0 to `tasks - 1`.
 * @param options Further options of sbatch, which win over ours.
 * @returns The number of the job.
 * @throws SubmissionRefused with the reason that sbatch gives
 */
export async function submit(script: string, name: string, tasks: number, options: readonly string[]): Promise<string> {
  const ours = ['--parsable', `--job-name=${name}`, `--array=0-${tasks - 1}`, '--chdir=/', '--output=/dev/null', '--no-requeue'];
  const answer = await ask('sbatch', [...ours, ...options, script]);
  const job = /^(\d+)/.exec(answer.out.trim())?.[1];
  if (answer.code !== 0 || job === undefined) throw new SubmissionRefused(complaint(answer));
  return job;
}

/** A task as Slurm sees it. `over`: it will not run any more; `state` is Slurm's own word. */
export interface TaskState {
  readonly state: string;
  readonly node: string;
  readonly over: boolean;
}

const underWay = new Set([
  'PENDING',
  'RUNNING',
  'COMPLETING',
  'CONFIGURING',
  'SUSPENDED',
  'REQUEUED',
  'RESIZING',
  'SIGNALING',
  'STAGE_OUT',
  'STOPPED',
]);

/**
 * Tasks of an array that Slurm still knows, by their number; none once it has forgotten the job.
 * @returns Null when Slurm does not answer, which says nothing about the tasks.
 */
export async function taskStates(job: string): Promise<ReadonlyMap<number, TaskState> | null> {
  const answer = await ask('squeue', ['--noheader', '--array', '--states=all', `--jobs=${job}`, '--format=%K|%T|%N']);
  if (answer.code !== 0) return /invalid job id/i.test(answer.errors) ? new Map() : null;
  const states = new Map<number, TaskState>();
  for (const line of answer.out.split('\n')) {
    const [task = '', state = '', node = ''] = line.trim().split('|');
    if (/^\d+$/.test(task)) states.set(Number(task), { state, node, over: !underWay.has(state) });
  }
  return states;
}

/** How a task ended. */
export interface Account {
  /** Slurm's own word. */
  readonly state: string;
  readonly exitCode: number;
}

/** What became of a task: from the cluster's accounts where it keeps any, else from the controller's memory; null if neither tells. */
export async function account(job: string, task: number): Promise<Account | null> {
  const kept = await ask('sacct', ['--noheader', '--parsable2', '--allocations', `--jobs=${job}_${task}`, '--format=State,ExitCode']);
  const remembered = (): Promise<Answer> => ask('scontrol', ['--oneliner', 'show', 'job', `${job}_${task}`]);
  const found =
    /^([A-Z_]+)[^|]*\|(\d+):/.exec(kept.code === 0 ? kept.out : '') ?? /\bJobState=(\w+).*\bExitCode=(\d+):/.exec((await remembered()).out);
  return found ? { state: found[1]!, exitCode: Number(found[2]) } : null;
}

/** The number of a job by its name, or null if Slurm knows none. @throws LotkaError `unavailable` when it does not answer */
export async function jobNamed(name: string): Promise<string | null> {
  const answer = await ask('squeue', ['--noheader', '--states=all', `--name=${name}`, '--format=%F']);
  if (answer.code !== 0) throw unanswered(answer);
  return /^\d+/.exec(answer.out.trim())?.[0] ?? null;
}

/** @returns Whether Slurm took it; true for a job that is over. */
export async function cancel(job: string): Promise<boolean> {
  const answer = await ask('scancel', [job]);
  return answer.code === 0 || /invalid job id/i.test(answer.errors);
}
