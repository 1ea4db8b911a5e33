import { randomBytes, timingSafeEqual } from 'node:crypto';

/** One-time tokens and the sessions they were exchanged for. Nothing of it outlives the process. */
export class Access {
  private readonly tokens = new Set<string>();
  private readonly sessions = new Set<string>();

  /** 32 random bytes for one address. */
  issueToken(): string {
    const token = randomBytes(32).toString('base64url');
    this.tokens.add(token);
    return token;
  }

  /** A session for a token that was issued and not used yet, or null. */
  exchange(token: string): string | null {
    const known = find(this.tokens, token);
    if (known === null) return null;
    this.tokens.delete(known);
    const session = randomBytes(32).toString('base64url');
    this.sessions.add(session);
    return session;
  }

  hasSession(session: string | null): boolean {
    return session !== null && find(this.sessions, session) !== null;
  }
}

/** Compares with every secret in constant time, so that answers tell nothing of how near a guess was. */
function find(secrets: Iterable<string>, given: string): string | null {
  const bytes = Buffer.from(given);
  let found: string | null = null;
  for (const secret of secrets) {
    const expected = Buffer.from(secret);
    if (expected.length === bytes.length && timingSafeEqual(expected, bytes)) found = secret;
  }
  return found;
}

/** Value of a cookie, or null. */
export function cookieOf(header: string | undefined, name: string): string | null {
  for (const part of (header ?? '').split(';')) {
    const at = part.indexOf('=');
    if (at > 0 && part.slice(0, at).trim() === name) return part.slice(at + 1).trim();
  }
  return null;
}

/**
 * Whether a request names this server and nobody else: a foreign name that resolves to this machine (DNS rebinding)
 * is refused.
 */
export const hostAllowed = (host: string | undefined, port: number): boolean =>
  host === `127.0.0.1:${port}` || host === `localhost:${port}`;

/** Whether a request that changes something comes from a page of this server. A missing origin is refused too. */
export const originAllowed = (origin: string | undefined, host: string | undefined, port: number): boolean =>
  hostAllowed(host, port) && origin === `http://${host}`;
