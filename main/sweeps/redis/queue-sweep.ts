import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Queue, QueueEvents } from 'bullmq';
import type { Redis } from 'ioredis';
import type { SweepWorker, TrialKey, TrialResult } from '#app/protocol/sweep.ts';
import type { SweepEvent, SweepWork, Trial } from '../backend.ts';
import { trialName } from '#app/sweeps/trials.ts';
import { WorkerTally } from '../tally.ts';
import type { RedisLibraries } from './connection.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { allow, forgetSeconds, isAllowed, jsonOf, keyPrefix, QueueAnswer, queueOf, QueueJob, roll } from './protocol.ts';
import { within } from './within.ts';

/** Tiny trials are handed out several at once, so that a job lasts about so long. */
const jobSeconds = 1;
const trialsPerJob = 64;
/** So many jobs are in Redis at a time. */
const jobsInQueue = 512;
const showMilliseconds = 500;
const closeMilliseconds = 1000;

const endings = ['completed', 'failed'] as const;
const places = ['waiting', 'active', 'delayed', 'prioritized', ...endings] as const;

export interface QueueOptions {
  /** Besides at every event, what Redis has is compared so often with what should be there. */
  readonly compareMilliseconds?: number;
  /** After an abort workers hear of it with their next heartbeat; those that do not answer within this time are not waited for. */
  readonly stopMilliseconds?: number;
  /** Redis is asked for events for so long at a time. */
  readonly silentMilliseconds?: number;
}

/** One sweep as its coordinator sees it: adds jobs, takes results, adds again what was lost. Ends the connection it is given. */
export class QueueSweep {
  readonly #redis: Redis;
  readonly #name: string;
  readonly #work: SweepWork;
  readonly #tell: (event: SweepEvent) => Promise<void>;
  readonly #queue: Queue<unknown, unknown, string>;
  readonly #events: QueueEvents;
  readonly #wanted: Map<string, Trial>;
  /** Jobs that are in Redis, or should be, by their id. */
  readonly #jobs = new Map<string, readonly Trial[]>();
  readonly #active = new Set<string>();
  readonly #tally = new WorkerTally();
  /** Workers that were seen alive since it began. */
  readonly #seen = new Set<string>();
  readonly #times: Required<Omit<QueueOptions, 'silentMilliseconds'>>;
  readonly #nonce = randomBytes(4).toString('hex');
  #waiting: (readonly Trial[])[] = [];
  #added = 0;
  /** What happens is dealt with one after the other. */
  #turn: Promise<void> = Promise.resolve();
  #over!: { resolve: () => void; reject: (error: unknown) => void };
  readonly #done = new Promise<void>((resolve, reject) => (this.#over = { resolve, reject }));
  #failed = false;
  #stopping = false;
  #closed = false;
  #telling: Promise<void> = Promise.resolve();
  #shown = '';

  constructor(
    { bullmq }: RedisLibraries,
    redis: Redis,
    name: string,
    work: SweepWork,
    tell: (event: SweepEvent) => Promise<void>,
    { compareMilliseconds = 10_000, stopMilliseconds = 5000, silentMilliseconds = 20_000 }: QueueOptions = {},
  ) {
    this.#times = { compareMilliseconds, stopMilliseconds };
    this.#redis = redis;
    this.#name = name;
    this.#work = work;
    this.#tell = tell;
    this.#wanted = new Map(work.trials.map((trial) => [trialName(trial), trial]));
    const options = { connection: redis, prefix: keyPrefix };
    this.#queue = new bullmq.Queue(queueOf(name, work), options);
    this.#events = new bullmq.QueueEvents(queueOf(name, work), { ...options, blockingTimeout: silentMilliseconds / 2 });
    // A connection that breaks is restored; what was missed meanwhile is found by comparing.
    this.#queue.on('error', () => undefined);
    this.#events.on('error', () => undefined);
  }

  async train(signal: AbortSignal): Promise<void> {
    // While Redis is away turns last; one that waits is enough.
    const compare = this.#oneInTurn(() => this.#compare());
    const show = this.#oneInTurn(() => this.#show());
    const timers = [setInterval(compare, this.#times.compareMilliseconds), setInterval(show, showMilliseconds)];
    const abort = (): void => this.#over.resolve();
    signal.addEventListener('abort', abort);
    if (signal.aborted) abort();
    this.#done.catch(() => undefined);
    this.#listen();
    this.#inTurn(() => this.#begin());
    // Redis that was started again may have lost jobs, and answers.
    this.#redis.on('ready', compare);
    try {
      await this.#done;
      show();
    } finally {
      signal.removeEventListener('abort', abort);
      this.#redis.off('ready', compare);
      for (const timer of timers) clearInterval(timer);
      await this.#end();
    }
  }

  #listen(): void {
    this.#events.on('completed', ({ jobId, returnvalue }) => this.#inTurn(() => this.#completed(jobId, returnvalue)));
    this.#events.on('failed', ({ jobId, failedReason }) => this.#inTurn(() => this.#broken(jobId, failedReason)));
    // Other sweeps have jobs in the same queue.
    this.#events.on('active', ({ jobId }) => void (this.#jobs.has(jobId) && this.#active.add(jobId)));
    this.#events.on('stalled', ({ jobId }) => void this.#active.delete(jobId));
  }

  /** Takes over what an earlier coordinator left in the queue, and adds the rest. */
  async #begin(): Promise<void> {
    await this.#events.waitUntilReady();
    await allow(this.#redis, this.#name, this.#work.sweep, true);
    const covered = new Set<string>();
    for (const { job, trials } of await this.#found(places)) {
      if (!trials.some((trial) => this.#misses(trial))) await this.#remove(job.id!);
      else this.#jobs.set(job.id!, trials);
      for (const trial of trials) covered.add(trialName(trial));
    }
    const rest = this.#work.trials.filter((trial) => !covered.has(trialName(trial)));
    this.#waiting = groups(rest, this.#work.secondsPerTrial);
    for (const { job } of await this.#found(['active'])) this.#active.add(job.id!);
    await this.#compare();
  }

  /** Jobs of this sweep in some of the queue's states. */
  async #found(states: readonly (typeof places)[number][]): Promise<{ job: Job<unknown, unknown, string>; trials: readonly Trial[] }[]> {
    const jobs = await this.#queue.getJobs([...states]);
    return jobs.flatMap((job) => {
      const data = QueueJob.safeParse(job?.data);
      return data.success && data.data.sweep === this.#work.sweep ? [{ job, trials: data.data.trials }] : [];
    });
  }

  /** Deals with endings that no event told, and adds what is not in Redis; a job that is there stays as it is. */
  async #compare(): Promise<void> {
    if (this.#stopping) return;
    await this.#requireLeave();
    for (const { job } of await this.#found(endings)) {
      if (!this.#jobs.has(job.id!)) await this.#remove(job.id!);
      else if (job.failedReason) await this.#broken(job.id!, job.failedReason);
      else await this.#completed(job.id!, job.returnvalue);
    }
    // A Redis that evicts may have forgotten a job, or the list in which it was.
    const listed = new Set(await this.#queue.getRanges([...places], 0, -1));
    const jobs = [...this.#jobs];
    const there = await Promise.all(jobs.map(([id]) => this.#redis.exists(this.#queue.toKey(id))));
    const lost = jobs.filter(([id], index) => there[index] === 0 || !listed.has(id));
    for (const [id] of lost) {
      this.#active.delete(id);
      await this.#remove(id);
    }
    await this.#add(lost);
    await this.#fill();
  }

  async #completed(id: string, answer: unknown): Promise<void> {
    const trials = this.#jobs.get(id);
    if (!trials) return;
    const parsed = QueueAnswer.safeParse(typeof answer === 'string' ? jsonOf(answer) : answer);
    await this.#record(parsed.success ? parsed.data.results : []);
    if (trials.some((trial) => this.#misses(trial))) await this.#requireLeave();
    await this.#close(id, [trials]);
  }

  /** Workers would give back at once what they get. @throws LotkaError `unavailable` when another coordinator has stopped the sweep */
  async #requireLeave(): Promise<void> {
    const { sweep } = this.#work;
    if (this.#stopping || (await isAllowed(this.#redis, this.#name, sweep))) return;
    throw new LotkaError(
      'unavailable',
      `Sweep ${sweep} was stopped by another Lotka that trains it over the same queue; resume trains what is missing.`,
    );
  }

  /** It cost several workers their life, or a worker could not begin. Of several trials any may be the cause: they are trained one by one. */
  async #broken(id: string, reason: string): Promise<void> {
    const trials = this.#jobs.get(id);
    if (!trials) return;
    if (trials.length === 1 && this.#misses(trials[0]!)) {
      const { point, seed } = trials[0]!;
      const stalled = /stalled/.test(reason);
      const message = stalled ? 'Workers that trained it ended or fell silent, several times.' : `A worker could not train it: ${reason}`;
      const nothing = { outcomes: {}, step: 0, seconds: 0, worker: 'unknown', attempt: 1, run: null };
      await this.#record([{ point, seed, state: 'failed', ...nothing, message }]);
    }
    await this.#close(
      id,
      trials.map((trial) => [trial]),
    );
  }

  /** The job is dealt with; what it left undone waits again. */
  async #close(id: string, rest: readonly (readonly Trial[])[]): Promise<void> {
    this.#jobs.delete(id);
    this.#active.delete(id);
    this.#waiting.unshift(...rest.map((trials) => trials.filter((trial) => this.#misses(trial))).filter(({ length }) => length > 0));
    await this.#remove(id);
    await this.#fill();
    if (this.#wanted.size === 0) this.#over.resolve();
  }

  async #fill(): Promise<void> {
    if (this.#stopping) return;
    const fresh = this.#waiting.splice(0, Math.max(0, jobsInQueue - this.#jobs.size)).map((trials): [string, readonly Trial[]] => {
      const id = `${this.#work.sweep}.${this.#nonce}.${this.#added++}`;
      this.#jobs.set(id, trials);
      return [id, trials];
    });
    await this.#add(fresh);
  }

  async #add(jobs: readonly (readonly [id: string, trials: readonly Trial[]])[]): Promise<void> {
    if (jobs.length === 0) return;
    const { sweep, experiment, backend, engine, lotka, secondsPerTrial } = this.#work;
    await this.#queue.addBulk(
      jobs.map(([jobId, trials]) => ({
        name: sweep,
        data: { sweep, experiment, backend, engine, lotka, secondsPerTrial, trials },
        // An answer stays until it is recorded, or nobody has asked for it in a long time.
        opts: { jobId, removeOnComplete: { age: forgetSeconds }, removeOnFail: { age: forgetSeconds } },
      })),
    );
  }

  /** @returns Whether it is gone; a job that a worker holds stays. */
  async #remove(id: string): Promise<boolean> {
    return (await this.#queue.remove(id).catch(() => 0)) === 1;
  }

  async #record(results: readonly TrialResult[]): Promise<void> {
    const fresh = results.filter((result) => this.#misses(result));
    if (fresh.length === 0) return;
    for (const { worker, state } of fresh) this.#tally.add(worker, 1, state === 'failed' ? 1 : 0, performance.now());
    await this.#say({ kind: 'results', results: fresh });
    for (const result of fresh) this.#wanted.delete(trialName(result));
  }

  async #show(): Promise<void> {
    const workers = await this.#workers();
    const training: TrialKey[] = [...this.#active]
      .flatMap((id) => this.#jobs.get(id) ?? [])
      .filter((trial) => this.#misses(trial))
      .map(({ point, seed }) => ({ point, seed }));
    const now = JSON.stringify([training, workers.map(({ name, state, trials }) => [name, state, trials])]);
    if (now === this.#shown) return;
    this.#shown = now;
    await this.#say({ kind: 'training', trials: training });
    await this.#say({ kind: 'workers', workers });
  }

  /** Without those that have taken their leave. */
  async #workers(): Promise<SweepWorker[]> {
    const present = await roll(this.#redis, this.#name);
    for (const [name, { alive }] of present)
      if (alive) {
        this.#seen.add(name);
        this.#tally.seen(name, performance.now());
      }
    const stateOf = (name: string): SweepWorker['state'] => {
      const worker = present.get(name);
      if (!worker?.alive) return 'lost';
      const { backend, engine, lotka } = this.#work;
      if (worker.lotka !== lotka || worker.engines[backend] !== engine) return 'other version';
      return worker.training > 0 ? 'training' : 'idle';
    };
    return this.#tally.list(stateOf, performance.now()).filter(({ name }) => present.has(name) || !this.#seen.has(name));
  }

  /** Takes what waits out of the queue and has workers stop; what they finish meanwhile is not lost. */
  async #end(): Promise<void> {
    this.#stopping = true;
    await within(this.#times.stopMilliseconds, this.#stop());
    await within(closeMilliseconds, Promise.all([this.#events.close(), this.#queue.close()]));
    this.#redis.disconnect();
    // A turn that still waits for Redis will never end; what is being told will.
    this.#closed = true;
    await this.#telling;
  }

  async #say(event: SweepEvent): Promise<void> {
    if (this.#closed) return;
    const told = this.#tell(event);
    this.#telling = told.catch(() => undefined);
    await told;
  }

  async #stop(): Promise<void> {
    await this.#turn;
    if (this.#wanted.size === 0) return;
    // A Redis that takes nothing may still let go of what it has.
    await allow(this.#redis, this.#name, this.#work.sweep, false).catch(() => undefined);
    let held = [...this.#jobs.keys()];
    while (held.length > 0) {
      const gone = await Promise.all(held.map((id) => this.#remove(id)));
      held = held.filter((id, index) => !gone[index] && this.#jobs.has(id));
      if (held.length > 0) await sleep(100);
    }
    await this.#turn;
  }

  #misses(trial: TrialKey): boolean {
    return this.#wanted.has(trialName(trial));
  }

  #oneInTurn(action: () => Promise<void>): () => void {
    let waiting = false;
    return () => {
      if (waiting) return;
      waiting = true;
      this.#inTurn(() => {
        waiting = false;
        return action();
      });
    };
  }

  /** What fails on the way ends it all with that reason. */
  #inTurn(action: () => Promise<void>): void {
    this.#turn = this.#turn
      .then(() => (this.#failed ? undefined : action()))
      .catch((error: unknown) => {
        this.#failed = true;
        this.#over.reject(error);
      });
  }
}

/** Cuts trials into jobs by how long one takes: alone while that is not known. */
function groups(trials: readonly Trial[], secondsPerTrial: number | null): Trial[][] {
  const size = secondsPerTrial === null ? 1 : Math.max(1, Math.min(trialsPerJob, Math.round(jobSeconds / Math.max(secondsPerTrial, 1e-6))));
  return Array.from({ length: Math.ceil(trials.length / size) }, (_, index) => trials.slice(index * size, (index + 1) * size));
}
