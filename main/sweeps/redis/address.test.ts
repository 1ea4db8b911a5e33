import { expect, it } from 'vitest';
import { redisAddress, withoutPassword } from './address.ts';
import { requireQueueName } from './protocol.ts';

it('reads an address and never shows its password', () => {
  expect(redisAddress('redis://127.0.0.1', {})).toMatchObject({ host: '127.0.0.1', port: 6379, database: 0, tls: false, password: null });
  const full = redisAddress('rediss://ada:p%40ss@cache.lab:6380/3', {});
  expect(full).toMatchObject({ host: 'cache.lab', port: 6380, database: 3, tls: true, username: 'ada', password: 'p@ss' });
  expect(full.shown).toBe('rediss://ada@cache.lab:6380/3');
  expect(redisAddress('redis://[::1]:7000', {}).host).toBe('::1');
  expect(withoutPassword('redis://:secret@host')).toBe('redis://host:6379');
  expect(withoutPassword('secret')).toBe('');
});

it('takes the password from the environment where the address has none', () => {
  const environment = { LOTKA_REDIS_PASSWORD: 'open sesame' };
  expect(redisAddress('redis://host', environment).password).toBe('open sesame');
  expect(redisAddress('redis://:other@host', environment).password).toBe('other');
});

it.each([
  ['host:6379'],
  ['http://:secret@host'],
  ['redis://'],
  ['redis://host/database'],
  [''],
  ['secret'],
  // Passwords with characters that mean something in an address.
  ['redis://ada:1/secret@host'],
  ['redis://ada:1?secret@host'],
  ['redis://ada:1#secret@host'],
  ['redis://:100%secret@host'],
  ['redis://a%secret@host'],
])('refuses %j without repeating a password', (text) => {
  expect(() => redisAddress(text, {})).toThrow(
    /^The address of Redis .*: it looks like redis:\/\/host:6379, or rediss:\/\/host:6380 with TLS\.$/,
  );
  expect(() => redisAddress(text, {})).not.toThrow(/secret/);
});

it('refuses a certificate that cannot be read, and names of queues that Redis could not keep apart', () => {
  expect(() => redisAddress('rediss://host', { LOTKA_REDIS_CA: '/nowhere.pem' })).toThrow(
    /^LOTKA_REDIS_CA names \/nowhere\.pem, which cannot be read/,
  );
  expect(requireQueueName('lab-1.two_3')).toBe('lab-1.two_3');
  for (const name of ['', 'a:b', 'a b', 'x'.repeat(65)]) expect(() => requireQueueName(name)).toThrow(/cannot be named/);
});
