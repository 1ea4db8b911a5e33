import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepWorker, TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import type { SweepBackend, SweepEvent, SweepWork, Trial } from '../backend.ts';
import { trialName } from '#app/sweeps/trials.ts';
import { WorkerTally } from '../tally.ts';
import { chunkSize, cut } from './chunks.ts';
import { largestArray, SubmissionRefused } from './commands.ts';
import { JobArray, type Task } from './job-array.ts';
import { checkSlurm } from './check.ts';
import type { SlurmOptions, SlurmPlace } from './options.ts';
import { jobScript, nodeCommands } from './script.ts';

/** A trial whose task died so often while it was trained is given up: it may be the cause. */
const attempts = 3;
/** After an abort Slurm is asked so long until nothing runs. */
const cancelMilliseconds = 30_000;

export const defaults = {
  lookMilliseconds: 1000,
  askMilliseconds: 5000,
  patienceMilliseconds: 60_000,
  answerMilliseconds: 8000,
  settleMilliseconds: 5000,
} as const;

/** Trains trials as job arrays of a Slurm cluster, over a folder that its nodes share with this machine. */
export class SlurmSweepBackend implements SweepBackend {
  readonly kind = 'slurm';
  readonly #place: SlurmPlace;
  readonly #options: Required<SlurmOptions>;

  constructor(place: SlurmPlace, options: SlurmOptions = {}) {
    this.#place = place;
    this.#options = { commands: nodeCommands(), ...defaults, ...options };
  }

  /**
   * Lets Slurm run a job that says through the folder that it sees it and has the same Lotka. On a full cluster that may take
   * hours: it is not waited for longer than a minute, and then every task looks for itself before it trains.
   */
  check(): Promise<void> {
    return checkSlurm(this.#place, this.#options);
  }

  async run(work: SweepWork, signal: AbortSignal, tell: (event: SweepEvent) => Promise<void>): Promise<void> {
    if (work.keep === 'runs')
      throw new LotkaError(
        'unavailable',
        'A cluster keeps the outcomes of trials only: keep outcomes, and open the trials that matter as runs.',
      );
    if (signal.aborted || work.trials.length === 0) return;
    await new SlurmSweep(work, this.#place, this.#options, tell).train(signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** One call of `run`. */
class SlurmSweep {
  readonly #work: SweepWork;
  readonly #place: SlurmPlace;
  readonly #options: Required<SlurmOptions>;
  readonly #tell: (event: SweepEvent) => Promise<void>;
  /** Folder of the arrays of this sweep. */
  readonly #folder: string;
  readonly #wanted: Map<string, Trial>;
  /** How often the task died that trained a trial. */
  readonly #deaths = new Map<string, number>();
  readonly #arrays: JobArray[] = [];
  /** Work of arrays that Slurm has not taken yet. */
  #held: (readonly (readonly Trial[])[])[] = [];
  /** Tasks that are dealt with. */
  readonly #settled = new Set<Task>();
  readonly #tally = new WorkerTally();
  readonly #lostNodes = new Set<string>();
  #shown = '';

  constructor(work: SweepWork, place: SlurmPlace, options: Required<SlurmOptions>, tell: (event: SweepEvent) => Promise<void>) {
    this.#work = work;
    this.#place = place;
    this.#options = options;
    this.#tell = tell;
    this.#folder = join(place.folder, work.sweep);
    this.#wanted = new Map(work.trials.map((trial) => [trialName(trial), trial]));
  }

  async train(signal: AbortSignal): Promise<void> {
    try {
      await this.#adopt();
      const running = new Set(
        this.#arrays.flatMap(({ tasks }) =>
          tasks.filter((task) => !this.#settled.has(task)).flatMap(({ trials }) => trials.map(trialName)),
        ),
      );
      if (!signal.aborted) await this.#submit(this.#work.trials.filter((trial) => this.#misses(trial) && !running.has(trialName(trial))));
      await this.#follow(signal);
    } catch (error) {
      // What Slurm might say now explains less. Results that nobody took are in the folder when the sweep goes on.
      await this.#cancel(() => Promise.resolve()).catch(() => undefined);
      throw error;
    }
    await this.#cancel((results) => this.#record(results));
    await rm(this.#folder, { recursive: true, force: true });
    await this.#show();
  }

  /** Takes over what an earlier process submitted: its results, and what still runs. */
  async #adopt(): Promise<void> {
    await mkdir(this.#folder, { recursive: true });
    for (const name of await readdir(this.#folder)) {
      const array = await JobArray.find(join(this.#folder, name));
      const same =
        array?.work.engine === this.#work.engine && array.work.lotka === this.#work.lotka && array.work.backend === this.#work.backend;
      if (array && same) this.#arrays.push(array);
      else {
        await array?.cancel();
        await rm(join(this.#folder, name), { recursive: true, force: true });
      }
    }
    for (const array of this.#arrays) {
      await this.#record(await array.refresh());
      // What was lost with it is submitted with all the rest.
      for (const task of array.tasks) if (task.phase === 'ended' || task.phase === 'lost') this.#settled.add(task);
    }
  }

  async #submit(trials: readonly Trial[], size = chunkSize({ ...this.#work, trials }, this.#place)): Promise<void> {
    if (trials.length > 0) this.#held.push(...cut(cut(trials, size), await largestArray()));
    await this.#offer();
  }

  /** Submits what is held. A cluster may limit how many tasks a user has there: what it does not take while some run waits for them. */
  async #offer(): Promise<void> {
    const { sweep, experiment, backend, engine, lotka, secondsPerTrial } = this.#work;
    while (this.#held.length > 0) {
      const folder = join(this.#folder, `lotka-${sweep}-${randomBytes(4).toString('hex')}`);
      const work = { format: 1 as const, sweep, experiment, backend, engine, lotka, secondsPerTrial, chunks: this.#held[0] as never };
      const script = (token: string): string => jobScript(folder, token, this.#options.commands);
      try {
        this.#arrays.push(await JobArray.submit(folder, work, script, this.#place.options));
      } catch (error) {
        if (error instanceof SubmissionRefused && this.#arrays.some(({ over }) => !over)) return;
        throw error;
      }
      this.#held.shift();
    }
  }

  async #follow(signal: AbortSignal): Promise<void> {
    let asked = -Infinity;
    // Often at first, so that a small sweep is soon done, then less and less.
    let pause = this.#options.lookMilliseconds;
    while (this.#wanted.size > 0 && !signal.aborted) {
      const ask = performance.now() - asked >= pause;
      if (ask) {
        asked = performance.now();
        pause = Math.min(1.5 * pause, this.#options.askMilliseconds);
      }
      for (const array of this.#arrays) await this.#record(await (ask ? array.refresh() : array.read()));
      if (ask) await this.#offer();
      await this.#settle();
      await this.#show();
      await sleep(this.#options.lookMilliseconds, undefined, { signal }).catch(() => undefined);
    }
  }

  /** Submits again what was lost with tasks that are over. */
  async #settle(): Promise<void> {
    const alone: Trial[] = [];
    const together: Trial[] = [];
    for (const array of this.#arrays)
      for (const task of array.tasks) {
        if (this.#settled.has(task) || (task.phase !== 'ended' && task.phase !== 'lost')) continue;
        this.#settled.add(task);
        if (task.refused !== null) throw new LotkaError('unavailable', task.refused);
        const missing = task.trials.filter((trial) => this.#misses(trial));
        if (task.phase === 'lost') this.#lostNodes.add(task.node);
        const suspects = await this.#suspects(array, task, missing);
        alone.push(...suspects);
        together.push(...missing.filter((trial) => this.#misses(trial) && !suspects.includes(trial)));
      }
    await this.#submit(alone, 1);
    await this.#submit(together);
  }

  /** Trials that a lost task was training: any may have ended it. Those that were so too often have failed. */
  async #suspects(array: JobArray, task: Task, missing: readonly Trial[]): Promise<Trial[]> {
    const training = new Set(task.training?.map(trialName));
    const trained = missing.filter((trial) => training.has(trialName(trial)));
    const suspects = trained.length > 0 ? trained : missing;
    const failed: TrialResult[] = [];
    for (const trial of suspects) {
      const deaths = (this.#deaths.get(trialName(trial)) ?? 0) + 1;
      this.#deaths.set(trialName(trial), deaths);
      if (deaths < attempts) continue;
      const { point, seed } = trial;
      const message = `Its Slurm task ended before it was trained, ${attempts} times; the last (${array.job ?? 'never submitted'}_${task.index}) with ${await array.reason(task)}.`;
      const nothing = { outcomes: {}, step: 0, seconds: 0, run: null };
      failed.push({ point, seed, state: 'failed', ...nothing, message, worker: task.node, attempt: attempts });
    }
    await this.#record(failed);
    return suspects.filter((trial) => this.#misses(trial));
  }

  async #record(results: readonly TrialResult[]): Promise<void> {
    const fresh = results.filter((result) => this.#wanted.delete(trialName(result)));
    if (fresh.length === 0) return;
    const told = fresh.map((result) => ({ ...result, attempt: Math.max(result.attempt, this.#attempt(result)) }));
    for (const { worker, state } of told) this.#tally.add(worker, 1, state === 'failed' ? 1 : 0, performance.now());
    await this.#tell({ kind: 'results', results: told });
  }

  #attempt(trial: TrialKey): number {
    return Math.min(attempts, 1 + (this.#deaths.get(trialName(trial)) ?? 0));
  }

  async #show(): Promise<void> {
    const running = this.#arrays.flatMap(({ tasks }) => tasks.filter(({ phase }) => phase === 'running'));
    for (const { node } of running) {
      this.#tally.seen(node, performance.now());
      this.#lostNodes.delete(node);
    }
    const nodes = new Set(running.map(({ node }) => node));
    const trials: TrialKey[] = running.flatMap(({ training }) => training ?? []).filter((trial) => this.#misses(trial));
    const workers: SweepWorker[] = this.#tally.list(
      (node) => (nodes.has(node) ? 'training' : this.#lostNodes.has(node) ? 'lost' : 'idle'),
      performance.now(),
    );
    const now = JSON.stringify([trials, workers.map(({ name, state, trials: count }) => [name, state, count])]);
    if (now === this.#shown) return;
    this.#shown = now;
    await this.#tell({ kind: 'training', trials });
    await this.#tell({ kind: 'workers', workers });
  }

  /** Nothing may go on training for this sweep. @throws LotkaError `unavailable` naming what Slurm could not be told to stop */
  async #cancel(take: (results: readonly TrialResult[]) => Promise<void>): Promise<void> {
    const until = performance.now() + cancelMilliseconds;
    const running = (): JobArray[] => this.#arrays.filter(({ over }) => !over);
    for (let left = running(); left.length > 0; left = running()) {
      const told = await Promise.all(left.map((array) => array.cancel()));
      await sleep(Math.min(this.#options.lookMilliseconds, 500));
      for (const array of left) await take(await array.refresh());
      if (performance.now() < until) continue;
      const untold = left.filter((array, index) => !array.over && !told[index]);
      if (untold.length === 0) return;
      throw new LotkaError(
        'unavailable',
        `Slurm did not answer when the sweep was stopped; stop its tasks with: scancel ${untold.map(({ job }) => job ?? '').join(' ')}`,
      );
    }
  }

  #misses(trial: TrialKey): boolean {
    return this.#wanted.has(trialName(trial));
  }
}
