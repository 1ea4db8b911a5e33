/** What coordinators and workers say to each other through Redis, besides BullMQ's own keys. */
import { createHash } from 'node:crypto';
import type { Redis } from 'ioredis';
import { z } from 'zod';
import { Backend } from '#app/protocol/backend.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { TrialKey, TrialResult } from '#app/protocol/sweep.ts';

/** A worker that has not been heard of for so long is lost. */
export const silenceMilliseconds = 6000;
export const beatMilliseconds = 1000;
/** What nobody cleans up goes after this time. */
export const forgetSeconds = 7 * 24 * 3600;

/** A few trials of one sweep: what a worker takes at once. */
export const QueueJob = z.object({
  sweep: z.string(),
  experiment: z.string(),
  backend: Backend,
  engine: z.string(),
  lotka: z.string(),
  secondsPerTrial: z.number().nullable(),
  trials: z.array(z.object({ ...TrialKey.shape, parameters: z.record(z.string(), z.json()) })),
});
export type QueueJob = z.infer<typeof QueueJob>;

/** What a worker returns: results of all trials, or of those it got to before it was told to stop. */
export const QueueAnswer = z.object({ results: z.array(TrialResult) });
export type QueueAnswer = z.infer<typeof QueueAnswer>;

/** @throws LotkaError `bad-input` */
export function requireQueueName(name: string): string {
  if (/^[A-Za-z0-9._-]{1,64}$/.test(name)) return name;
  throw new LotkaError(
    'bad-input',
    `The queue cannot be named "${name}": a name has up to 64 letters, digits, dots, hyphens and underscores.`,
  );
}

/** Jobs of one build are in a queue of their own, so a worker of another build cannot take them. */
export const queueOf = (name: string, { lotka, backend, engine }: Pick<QueueJob, 'lotka' | 'backend' | 'engine'>): string =>
  `${name}-${createHash('sha256')
    .update(JSON.stringify([lotka, backend, engine]))
    .digest('hex')
    .slice(0, 12)}`;

export const keyPrefix = 'lotka';
/** Makes sure that something can be written. Rejects with what Redis refuses it with. */
export const requireWriting = async (redis: Redis, name: string): Promise<void> =>
  void (await redis.set(`${keyPrefix}:${name}:check`, '1', 'EX', 1));

const rollKey = (name: string): string => `${keyPrefix}:${name}:workers`;
const stopKey = (name: string, sweep: string): string => `${keyPrefix}:${name}:stop:${sweep}`;

const Beat = z.object({
  lotka: z.string(),
  /** Builds of the backends that it can compute with. */
  engines: z.partialRecord(Backend, z.string()),
  /** Trials that it trains now. */
  training: z.number(),
  /** Milliseconds of Redis's clock: machines need not agree on the time. */
  at: z.number(),
});
/** How a worker is. */
export type Beat = z.infer<typeof Beat>;

/** What a text says, or undefined: others may write where we read. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const clockOf = async (redis: Redis): Promise<number> => {
  const [seconds, microseconds] = await redis.time();
  return 1000 * Number(seconds) + Number(microseconds) / 1000;
};

/** Says that a worker is there. */
export async function beat(redis: Redis, name: string, worker: string, how: Omit<Beat, 'at'>): Promise<void> {
  await redis.hset(rollKey(name), worker, JSON.stringify({ ...how, at: await clockOf(redis) }));
  await redis.expire(rollKey(name), forgetSeconds);
}

/** Says that a worker leaves. */
export const leave = async (redis: Redis, name: string, worker: string): Promise<void> => void (await redis.hdel(rollKey(name), worker));

/** Workers by their name, and whether they were heard of lately. Those that were silent for a week are struck off. */
export async function roll(redis: Redis, name: string): Promise<Map<string, Beat & { readonly alive: boolean }>> {
  const now = await clockOf(redis);
  const workers = new Map<string, Beat & { alive: boolean }>();
  for (const [worker, text] of Object.entries(await redis.hgetall(rollKey(name)))) {
    const entry = Beat.safeParse(jsonOf(text));
    if (!entry.success) continue;
    const silent = now - entry.data.at;
    if (silent > 1000 * forgetSeconds) await leave(redis, name, worker);
    else workers.set(worker, { ...entry.data, alive: silent < silenceMilliseconds });
  }
  return workers;
}

/** Tells workers whether they may train a sweep. */
export async function allow(redis: Redis, name: string, sweep: string, allowed: boolean): Promise<void> {
  if (allowed) await redis.del(stopKey(name, sweep));
  else await redis.set(stopKey(name, sweep), '1', 'EX', forgetSeconds);
}

export const isAllowed = async (redis: Redis, name: string, sweep: string): Promise<boolean> =>
  (await redis.exists(stopKey(name, sweep))) === 0;
