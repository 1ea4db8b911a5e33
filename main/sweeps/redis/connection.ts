/** Connections to Redis. The packages that speak to it are optional, so they are loaded when first needed. */
import type { Redis } from 'ioredis';
import { LotkaError } from '#app/protocol/errors.ts';
import type { RedisAddress } from './address.ts';

const longestPause = 1000;
/** A connection on which an answer is awaited for so long is dead, as after a sleep or behind a router that forgot it. */
const silence = 20_000;

export interface RedisLibraries {
  readonly bullmq: typeof import('bullmq');
  readonly ioredis: typeof import('ioredis');
}

/** @throws LotkaError `unavailable` when they are not installed */
export async function redisLibraries(): Promise<RedisLibraries> {
  try {
    const [bullmq, ioredis] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { bullmq, ioredis };
  } catch (error) {
    throw new LotkaError(
      'unavailable',
      'Sweeps over Redis need the packages bullmq and ioredis, which are not installed here: run npm install --include=optional.',
      { cause: error },
    );
  }
}

export interface ConnectionOptions {
  /** Time for a first connection to stand; afterwards it is restored for as long as it takes. */
  readonly connectMilliseconds?: number;
  /** A connection on which an answer is awaited for so long is made anew; longer than anything blocks on purpose. */
  readonly silentMilliseconds?: number;
}

/**
 * Connects. A connection that stood once is restored whenever it breaks, and what was asked meanwhile is asked then.
 * @throws LotkaError `unavailable` when `connectMilliseconds`, 4000 unless told, have passed, or before: one sentence with what is wrong and what helps
 */
export async function connectRedis(
  { ioredis }: RedisLibraries,
  address: RedisAddress,
  { connectMilliseconds = 4000, silentMilliseconds = silence }: ConnectionOptions = {},
): Promise<Redis> {
  const { host, port, database, username, password, tls, certificates } = address;
  let stood = false;
  let trouble: Error | null = null;
  const client = new ioredis.Redis({
    host,
    port,
    db: database,
    username: username ?? undefined,
    password: password ?? undefined,
    ...(tls ? { tls: { servername: /[a-z]/i.test(host) ? host : '', ...(certificates === null ? {} : { ca: certificates }) } } : {}),
    lazyConnect: true,
    connectTimeout: connectMilliseconds,
    socketTimeout: silentMilliseconds,
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => (stood ? Math.min(100 * times, longestPause) : null),
  });
  // Errors of a standing connection need no words: it is restored, and its users see that nothing comes.
  client.on('error', (error: Error) => (trouble = error));
  let late: NodeJS.Timeout | undefined;
  try {
    await Promise.race([
      client.connect().then(() => client.ping()),
      new Promise((_, reject) => {
        late = setTimeout(() => reject(new Error('ETIMEDOUT')), connectMilliseconds);
      }),
    ]);
    stood = true;
    // BullMQ's copies of this connection share its options: once this one is ended on purpose, they are not restored either.
    client.once('end', () => (stood = false));
    return client;
  } catch (error) {
    client.disconnect();
    throw redisRefusal(trouble ?? error, address, connectMilliseconds);
  } finally {
    clearTimeout(late);
  }
}

/** Whether Redis refused a command, as opposed to everything else that can go wrong. */
export const isRefusal = (error: unknown): error is Error => error instanceof Error && error.name === 'ReplyError';

/** The sentence for what a connection, or Redis itself, refused. */
export function redisRefusal(given: unknown, { shown, host, port, password, tls }: RedisAddress, waited = silence): LotkaError {
  const error = given as NodeJS.ErrnoException;
  const said = error.message.replace(/\.$/, '');
  const text = `${error.code ?? ''} ${said}`;
  // The error itself carries the command that was refused: with the password, if that was it.
  const cause = new Error(error.message);
  const because = (reason: string): LotkaError => new LotkaError('unavailable', `Redis at ${shown} cannot be used: ${reason}`, { cause });
  if (/WRONGPASS|invalid password|invalid username/i.test(text))
    return because('it refuses the password. Set LOTKA_REDIS_PASSWORD to the right one.');
  if (/NOAUTH|Authentication required/i.test(text)) return because('it asks for a password. Set LOTKA_REDIS_PASSWORD.');
  if (/without any password configured/i.test(text)) return because('it has no password, and one was given. Leave it out.');
  if (/NOPERM/.test(text)) return because(`this user may not do what a queue needs (${said}).`);
  if (/\bOOM\b/.test(text)) return because(`its memory is full (${said}). Raise its maxmemory, or use another.`);
  if (/\bREADONLY\b/.test(text)) return because('it is a copy that nobody may write to. Name the server that it copies.');
  if (/ENOTFOUND|EAI_AGAIN/.test(text)) return because(`there is no machine named ${host}.`);
  if (/ECONNREFUSED/.test(text)) return because(`nothing listens at port ${port}. Start redis-server there, or correct the address.`);
  if (/certificate|CERT_/i.test(text))
    return because(
      `its certificate is not trusted (${said}). Name the certificate of its authority in LOTKA_REDIS_CA or NODE_EXTRA_CA_CERTS.`,
    );
  if (/wrong version number|packet length too long|EPROTO/i.test(text))
    return because('it does not speak TLS at this port. Write redis:// instead of rediss://.');
  if (/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(text))
    return because(`it does not answer within ${waited / 1000} seconds${tls ? '; perhaps it does not speak TLS (redis://)' : ''}.`);
  if (/ECONNRESET|Connection is closed|EPIPE/.test(text))
    return because(
      `it closes the connection${tls ? '' : '; perhaps it wants TLS (rediss://)'}${password === null ? '' : ', or refuses the password'}.`,
    );
  return because(`${said}.`);
}
