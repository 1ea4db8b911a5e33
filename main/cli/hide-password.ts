import { redisAddress } from '#main/sweeps/redis/address.ts';
import { tell } from './output.ts';

/**
 * Takes a password that was given on the command line out of the list of processes, and says where it belongs.
 * @param command What the list shows instead.
 * @throws LotkaError `bad-input` for an address that cannot be used
 */
export function hidePassword(address: string, command: string): void {
  if (redisAddress(address, {}).password === null) return;
  process.title = command;
  tell('A password on the command line can be read by others on this machine until it is taken from there; set LOTKA_REDIS_PASSWORD.');
}
