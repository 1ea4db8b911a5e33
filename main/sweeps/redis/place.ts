import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepPlaceInfo } from '#app/protocol/sweep.ts';
import type { PlaceKind } from '../place-kind.ts';
import { redisAddress, withoutPassword } from './address.ts';
import { RedisSweepBackend, type RedisPlace } from './backend.ts';
import { connectRedis, redisLibraries } from './connection.ts';

/** Workers of a Redis queue, among the places where sweeps can be trained. */
export const redisKind: PlaceKind<RedisPlace> = {
  open: (place) => new RedisSweepBackend(place),
  describe: (_parts, address) => describeRedis(address),
  stored: (place) => ({ ...place, url: withoutPassword(place.url) }),
};

/** Whether sweeps can be trained over Redis; with an address, whether one answers there. */
async function describeRedis(address: string | undefined): Promise<SweepPlaceInfo> {
  const info = (state: SweepPlaceInfo['state'], why: string): SweepPlaceInfo => ({ kind: 'redis', label: 'Redis queue', state, why });
  const libraries = await redisLibraries().catch((error: unknown) => error as LotkaError);
  if (libraries instanceof Error) return info('absent', libraries.message);
  if (address === undefined || address === '')
    return info('ready', 'Any number of machines that come and go: start lotka worker --queue redis://host:6379 on each of them.');
  try {
    const at = redisAddress(address);
    (await connectRedis(libraries, at)).disconnect();
    return info('ready', `Redis answers at ${at.shown}; start lotka worker --queue ${at.shown} on each machine that is to train.`);
  } catch (error) {
    if (!(error instanceof LotkaError)) throw error;
    return info('broken', error.message);
  }
}
