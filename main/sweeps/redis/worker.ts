import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Job, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import { errorMessage } from '#app/protocol/server.ts';
import type { TrialResult } from '#app/protocol/sweep.ts';
import { packageVersion } from '#main/paths.ts';
import { listBackends } from '#main/workers/backends.ts';
import type { Pool } from '#main/workers/pool.ts';
import { LocalSweepBackend } from '../local.ts';
import { redisAddress, type RedisAddress } from './address.ts';
import { connectRedis, redisLibraries, type RedisLibraries } from './connection.ts';
import {
  beat,
  beatMilliseconds,
  isAllowed,
  keyPrefix,
  leave,
  QueueJob,
  queueOf,
  requireQueueName,
  type Beat,
  type QueueAnswer,
} from './protocol.ts';
import { within } from './within.ts';

/** A job whose worker has been silent for so long is given to another. */
const lockMilliseconds = 6000;
/** A job that cost so many workers their life is given up. */
const livesAllowed = 2;
/** Leaving takes no longer, even if Redis does not answer. */
const leaveMilliseconds = 3000;

export interface QueueWorkerOptions {
  readonly url: string;
  readonly queue: string;
  readonly pool: Pool;
  /** Bytes of memory that one trial may take here. */
  readonly bytesPerRun: () => number;
  /** Told each thing that happens, in a sentence. */
  readonly say: (line: string) => void;
}

interface Active {
  readonly sweep: string;
  readonly trials: number;
  readonly stop: AbortController;
}

/** Takes jobs from a Redis queue and trains them with the engines of this machine. */
export class QueueWorker {
  readonly name = `${hostname()}-${process.pid}`;
  readonly #address: RedisAddress;
  readonly #options: QueueWorkerOptions;
  readonly #active = new Set<Active>();
  readonly #workers: Worker[] = [];
  #redis: Redis | null = null;
  #closed: Promise<void> | null = null;
  #about: Omit<Beat, 'at' | 'training'> = { lotka: packageVersion(), engines: {} };

  /** @throws LotkaError `bad-input` for an address or a name that cannot be used */
  constructor(options: QueueWorkerOptions) {
    this.#address = redisAddress(options.url);
    requireQueueName(options.queue);
    this.#options = options;
  }

  /** Joins the queue. @throws LotkaError `unavailable`: one sentence */
  async start(): Promise<void> {
    const libraries = await redisLibraries();
    const redis = (this.#redis = await connectRedis(libraries, this.#address));
    const ready = (await listBackends()).flatMap(({ name, state, build }) =>
      state === 'ready' && build !== null ? [{ name, build }] : [],
    );
    this.#about = { ...this.#about, engines: Object.fromEntries(ready.map(({ name, build }) => [name, build])) };
    for (const { name, build } of ready)
      this.#workers.push(this.#take(libraries, redis, { lotka: this.#about.lotka, backend: name, engine: build }));
    const { say, queue, pool } = this.#options;
    let gone = false;
    redis.on('close', () => {
      if (!this.#closed && !gone) say('Redis is gone; waiting for it. What is being trained goes on.');
      gone = true;
    });
    redis.on('ready', () => {
      gone = false;
      say('Redis is back.');
    });
    await this.#beat();
    void this.#keepBeating();
    say(
      `${this.name} waits for trials of queue "${queue}" at ${this.#address.shown}, with ${pool.size} engine${pool.size === 1 ? '' : 's'}.`,
    );
  }

  /** Hands back what is being trained, and leaves. */
  close(): Promise<void> {
    return (this.#closed ??= this.#leave());
  }

  async #leave(): Promise<void> {
    for (const { stop } of this.#active) stop.abort();
    const redis = this.#redis;
    if (!redis) return;
    const polite = async (): Promise<void> => {
      await Promise.all(this.#workers.map((worker) => worker.close()));
      await leave(redis, this.#options.queue, this.name);
    };
    await within(leaveMilliseconds, polite());
    redis.disconnect();
  }

  #take({ bullmq }: RedisLibraries, redis: Redis, build: Pick<QueueJob, 'lotka' | 'backend' | 'engine'>): Worker {
    const worker = new bullmq.Worker<unknown, QueueAnswer>(queueOf(this.#options.queue, build), (job) => this.#train(job), {
      connection: redis,
      prefix: keyPrefix,
      name: this.name,
      concurrency: this.#options.pool.size,
      lockDuration: lockMilliseconds,
      stalledInterval: lockMilliseconds / 3,
      maxStalledCount: livesAllowed,
      runRetryDelay: 1000,
    });
    // Told by the connection already; a job that was lost with Redis's memory is added again by the coordinator.
    worker.on('error', () => undefined);
    return worker;
  }

  async #train(job: Job<unknown, QueueAnswer>): Promise<QueueAnswer> {
    const { trials, ...work } = QueueJob.parse(job.data);
    const active: Active = { sweep: work.sweep, trials: trials.length, stop: new AbortController() };
    if (this.#closed || !(await isAllowed(this.#redis!, this.#options.queue, work.sweep))) return { results: [] };
    const results: TrialResult[] = [];
    const begun = performance.now();
    this.#active.add(active);
    try {
      const { pool, bytesPerRun } = this.#options;
      await new LocalSweepBackend(pool, { bytesPerRun }).run({ ...work, trials, keep: 'outcomes' }, active.stop.signal, (event) => {
        if (event.kind === 'results')
          results.push(...event.results.map((result) => ({ ...result, worker: this.name, attempt: job.attemptsStarted })));
        return Promise.resolve();
      });
    } catch (error) {
      this.#options.say(`${work.sweep}: ${errorMessage(error).message}`);
      throw error;
    } finally {
      this.#active.delete(active);
    }
    const failed = results.filter(({ state }) => state === 'failed').length;
    const seconds = ((performance.now() - begun) / 1000).toFixed(1);
    this.#options.say(
      `${work.sweep}: ${results.length} of ${trials.length} trial${trials.length === 1 ? '' : 's'} in ${seconds} s${failed > 0 ? `, ${failed} failed` : ''}${active.stop.signal.aborted ? ', stopped' : ''}.`,
    );
    return { results };
  }

  async #keepBeating(): Promise<void> {
    while (!this.#closed) {
      await sleep(beatMilliseconds, undefined, { ref: false });
      // Asked one after the other: while Redis is away nothing piles up.
      await this.#beat().catch(() => undefined);
    }
  }

  /** Says that it is there, and learns which sweeps were stopped. */
  async #beat(): Promise<void> {
    const { queue } = this.#options;
    if (this.#closed) return;
    const training = [...this.#active].reduce((sum, { trials }) => sum + trials, 0);
    await beat(this.#redis!, queue, this.name, { ...this.#about, training });
    for (const { sweep, stop } of this.#active) if (!(await isAllowed(this.#redis!, queue, sweep))) stop.abort();
  }
}
