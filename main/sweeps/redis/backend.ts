import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepPlace } from '#app/protocol/sweep.ts';
import { packageVersion } from '#main/paths.ts';
import { listBackends } from '#main/workers/backends.ts';
import type { SweepBackend, SweepEvent, SweepWork } from '../backend.ts';
import { redisAddress, type RedisAddress } from './address.ts';
import { connectRedis, isRefusal, redisLibraries, redisRefusal, type ConnectionOptions } from './connection.ts';
import { requireQueueName, requireWriting, roll } from './protocol.ts';
import { QueueSweep, type QueueOptions } from './queue-sweep.ts';

export type RedisPlace = Extract<SweepPlace, { kind: 'redis' }>;

export type RedisOptions = ConnectionOptions & QueueOptions;

/** Trains trials by the workers of a Redis queue, on however many machines they are. */
export class RedisSweepBackend implements SweepBackend {
  readonly kind = 'redis';
  readonly #address: RedisAddress;
  readonly #queue: string;
  readonly #options: RedisOptions;

  /** @throws LotkaError `bad-input` for an address or a queue's name that cannot be used */
  constructor({ url, queue }: RedisPlace, options: RedisOptions = {}) {
    this.#address = redisAddress(url);
    this.#queue = requireQueueName(queue);
    this.#options = options;
  }

  /** Redis must answer, and take what is written. Workers may come later, but if there are some, one must be of this version. */
  async check(): Promise<void> {
    const redis = await this.#connect();
    try {
      await requireWriting(redis, this.#queue);
      const workers = [...(await roll(redis, this.#queue)).values()].filter(({ alive }) => alive);
      if (workers.length === 0) return;
      const own = (await listBackends()).filter(({ state }) => state === 'ready');
      const same = workers.some(
        ({ lotka, engines }) => lotka === packageVersion() && own.some(({ name, build }) => engines[name] === build),
      );
      if (same) return;
      const { lotka, engines } = workers[0]!;
      throw new LotkaError(
        'unavailable',
        `The workers of queue "${this.#queue}" are of another version (Lotka ${lotka}, engine ${engines.wasm ?? 'none'}) and would take nothing: ` +
          'install on them what is installed here, so that all results have the same bits.',
      );
    } catch (error) {
      throw this.#sentence(error);
    } finally {
      redis.disconnect();
    }
  }

  async run(work: SweepWork, signal: AbortSignal, tell: (event: SweepEvent) => Promise<void>): Promise<void> {
    if (work.keep === 'runs')
      throw new LotkaError(
        'unavailable',
        'Workers of a queue tell the outcomes of trials only: keep outcomes, and open the trials that matter as runs.',
      );
    if (signal.aborted || work.trials.length === 0) return;
    const queue = new QueueSweep(await redisLibraries(), await this.#connect(), this.#queue, work, tell, this.#options);
    try {
      await queue.train(signal);
    } catch (error) {
      throw this.#sentence(error);
    }
  }

  async #connect(): ReturnType<typeof connectRedis> {
    return connectRedis(await redisLibraries(), this.#address, this.#options);
  }

  #sentence(error: unknown): unknown {
    return isRefusal(error) ? redisRefusal(error, this.#address) : error;
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
