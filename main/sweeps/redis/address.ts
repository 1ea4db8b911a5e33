/** Where a Redis is, and how it is spoken of without its password. */
import { readFileSync } from 'node:fs';
import { LotkaError } from '#app/protocol/errors.ts';

export interface RedisAddress {
  readonly host: string;
  readonly port: number;
  readonly database: number;
  readonly username: string | null;
  readonly password: string | null;
  readonly tls: boolean;
  /** Certificates to trust besides those that Node trusts, as PEM. */
  readonly certificates: string | null;
  /** The address for people and files: without a password. */
  readonly shown: string;
}

/**
 * Reads `redis://[user[:password]@]host[:port][/database]`, or `rediss://` for TLS. A password that is not in it comes from
 * `LOTKA_REDIS_PASSWORD`; `LOTKA_REDIS_CA` may name a file with the certificate of a private authority.
 * @throws LotkaError `bad-input`: one sentence
 */
export function redisAddress(text: string, environment: NodeJS.ProcessEnv = process.env): RedisAddress {
  // What was given is not repeated: it may hold a password.
  const refuse = (what: string): LotkaError =>
    new LotkaError('bad-input', `The address of Redis ${what}: it looks like redis://host:6379, or rediss://host:6380 with TLS.`);
  const url = parsed(text);
  if (!url || !/^rediss?:$/.test(url.protocol)) throw refuse('cannot be used');
  if (url.hostname === '') throw refuse('names no host');
  if (!/^\/?\d*$/.test(url.pathname) || url.search !== '' || url.hash !== '')
    throw refuse('has more behind its port than the number of a database (a password with / ? # or % belongs into LOTKA_REDIS_PASSWORD)');
  const tls = url.protocol === 'rediss:';
  const database = Number(url.pathname.slice(1));
  const port = Number(url.port || 6379);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const [username, password] = [decoded(url.username), decoded(url.password)];
  if (username === null || password === null)
    throw refuse('has a % that stands for nothing (write %25, or put the password into LOTKA_REDIS_PASSWORD)');
  return {
    host,
    port,
    database,
    username: username || null,
    password: password || environment.LOTKA_REDIS_PASSWORD || null,
    tls,
    certificates: tls && environment.LOTKA_REDIS_CA ? certificatesIn(environment.LOTKA_REDIS_CA) : null,
    shown: `${url.protocol}//${username === '' ? '' : `${url.username}@`}${url.hostname}:${port}${database === 0 ? '' : `/${database}`}`,
  };
}

/** The address as it may be written down: without its password. Text that is no address comes back empty. */
export function withoutPassword(text: string): string {
  try {
    return redisAddress(text, {}).shown;
  } catch {
    return '';
  }
}

function parsed(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}

function decoded(text: string): string | null {
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}

function certificatesIn(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new LotkaError('bad-input', `LOTKA_REDIS_CA names ${file}, which cannot be read: name a file with a certificate in PEM format.`, {
      cause: error,
    });
  }
}
