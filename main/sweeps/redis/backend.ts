import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepPlace } from '#app/protocol/sweep.ts';
import { packageVersion } from '#main/paths.ts';
import { listBackends } from '#main/workers/backends.ts';
import type { SweepBackend, SweepEvent, SweepWork } from '../backend.ts';
import { redisAddress, type RedisAddress } from './address.ts';
import { connectRedis, redisLibraries } from './connection.ts';
import { requireQueueName, roll } from './protocol.ts';
import { QueueSweep } from './queue-sweep.ts';

export type RedisPlace = Extract<SweepPlace, { kind: 'redis' }>;

/** Trains trials by the workers of a Redis queue, on however many machines they are. */
export class RedisSweepBackend implements SweepBackend {
  readonly kind = 'redis';
  readonly #address: RedisAddress;
  readonly #queue: string;

  /** @throws LotkaError `bad-input` for an address or a queue's name that cannot be used */
  constructor({ url, queue }: RedisPlace) {
    this.#address = redisAddress(url);
    this.#queue = requireQueueName(queue);
  }

  /** Redis must answer. Workers may come later, but if there are some, one must be of this version. */
  async check(): Promise<void> {
    const redis = await connectRedis(await redisLibraries(), this.#address);
    try {
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
    const libraries = await redisLibraries();
    const redis = await connectRedis(libraries, this.#address);
    await new QueueSweep(libraries, redis, this.#queue, work, tell).train(signal);
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}
