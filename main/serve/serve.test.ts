import { once } from 'node:events';
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { connect } from '#app/protocol/client.ts';
import { contract, type Contract } from '#app/protocol/contract.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { socketWire, type Socket } from '#app/protocol/wires.ts';
import { temporaryFolder } from '#main/testing/temporary.ts';
import { serveWorkbench, type Served } from './serve.ts';

let served: Served;
let origin: string;

beforeAll(async () => {
  const folder = temporaryFolder();
  const pages = join(folder, 'renderer');
  mkdirSync(join(pages, 'assets'), { recursive: true });
  mkdirSync(join(folder, 'renderer-evil'));
  writeFileSync(join(pages, 'index.html'), '<!doctype html><title>Lotka</title>');
  writeFileSync(join(pages, 'assets', 'index-1a2b.js'), 'export {};');
  writeFileSync(join(folder, 'secret.txt'), 'secret');
  writeFileSync(join(folder, 'renderer-evil', 'x.js'), 'secret');
  symlinkSync(join(folder, 'secret.txt'), join(pages, 'link.txt'));
  // Only what these tests ask of it.
  const handlers = { 'settings.read': () => ({ theme: 'dark' }) } as unknown as Handlers<Contract>;
  served = await serveWorkbench({ handlers, port: 0, pages });
  origin = `http://127.0.0.1:${served.port}`;
});
afterAll(() => served.close());

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A request whose path goes out as it is written, which fetch would tidy up. */
async function ask(path: string, options: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<Answer> {
  const message = request({
    host: '127.0.0.1',
    port: served.port,
    path,
    method: options.method ?? 'GET',
    headers: { host: `127.0.0.1:${served.port}`, ...options.headers },
  });
  message.end(options.body);
  const [response] = (await once(message, 'response')) as [AsyncIterable<Buffer> & { statusCode: number; headers: IncomingHttpHeaders }];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk);
  return { status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks).toString() };
}

const tokenOf = (address: string): string => /#token=([\w-]{43})$/.exec(address)![1]!;

const login = (token: string, headers: Record<string, string> = {}): Promise<Answer> =>
  ask('/session', { method: 'POST', headers: { origin, 'content-type': 'application/json', ...headers }, body: JSON.stringify({ token }) });

async function newCookie(): Promise<string> {
  const { headers } = await login(tokenOf(served.address()));
  return headers['set-cookie']![0]!.split(';')[0]!;
}

/** 101 if the socket opens, else the status of the refusal. */
async function upgrade(headers: Record<string, string>, path = '/socket'): Promise<number> {
  const socket = new WebSocket(`ws://127.0.0.1:${served.port}${path}`, { headers });
  const status = await new Promise<number>((resolve) => {
    socket.on('open', () => resolve(101));
    socket.on('unexpected-response', (_request, response) => resolve(response.statusCode ?? 0));
    socket.on('error', () => undefined);
  });
  socket.terminate();
  return status;
}

describe('the served workbench', () => {
  it('answers on loopback only', async () => {
    const socket = connectSocket({ host: '127.0.0.2', port: served.port });
    expect(
      await Promise.race([once(socket, 'connect').then(() => 'connected'), once(socket, 'error').then(() => 'refused')]).catch(
        () => 'refused',
      ),
    ).toBe('refused');
  });

  it('gives the page with every protection and no CORS', async () => {
    const { status, headers } = await ask('/');
    expect(status).toBe(200);
    expect(headers['content-security-policy']).toContain("default-src 'none'");
    expect(headers).toMatchObject({
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      'cross-origin-opener-policy': 'same-origin',
      'cache-control': 'no-store',
    });
    expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
    expect((await ask('/assets/index-1a2b.js')).headers['cache-control']).toContain('immutable');
    expect((await ask('/', { method: 'HEAD' })).body).toBe('');
  });

  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/../../renderer-evil/x.js',
    '/..%5csecret.txt',
    '//secret.txt',
    '/link.txt',
    '/assets',
    '/nothing.js',
    '/%00.js',
    '/%',
  ])('finds nothing at %s', async (path) => {
    const { status, body } = await ask(path);
    expect(status).toBe(404);
    expect(body).not.toContain('secret\n');
    expect(body).not.toBe('secret');
  });

  it('refuses foreign hosts on every request', async () => {
    for (const host of [
      'evil.example',
      `evil.example:${served.port}`,
      '127.0.0.1',
      `127.0.0.1:${served.port + 1}`,
      `[::1]:${served.port}`,
    ]) {
      expect((await ask('/', { headers: { host } })).status).toBe(403);
      expect((await login(tokenOf(served.address()), { host, origin: `http://${host}` })).status).toBe(403);
      expect(await upgrade({ origin: `http://${host}`, host, cookie: await newCookie() })).toBe(403);
    }
    expect((await ask('/', { headers: { host: `localhost:${served.port}` } })).status).toBe(200);
  });

  it('exchanges a token once, for a cookie that scripts and other sites cannot use', async () => {
    const token = tokenOf(served.address());
    const first = await login(token);
    expect(first.status).toBe(204);
    expect(first.headers['set-cookie']![0]).toMatch(/^lotka-session-\d+=[\w-]{43}; HttpOnly; SameSite=Strict; Path=\/$/);
    expect((await login(token)).status).toBe(403);
    // A reload of the same page shows the same token again, with its cookie.
    expect((await login(token, { cookie: first.headers['set-cookie']![0]!.split(';')[0]! })).status).toBe(204);
  });

  it('gives no session without the right token, origin and method', async () => {
    const good = tokenOf(served.address());
    expect((await login('')).status).toBe(403);
    expect((await login(good.slice(1))).status).toBe(403);
    expect((await login(`${good.slice(0, -1)}~`)).status).toBe(403);
    expect((await login(good, { origin: 'http://evil.example' })).status).toBe(403);
    expect((await login(good, { origin: 'null' })).status).toBe(403);
    expect((await ask('/session', { method: 'POST', body: JSON.stringify({ token: good }) })).status).toBe(403);
    expect((await ask(`/session?token=${good}`)).status).toBe(403);
    expect((await ask('/session', { method: 'POST', headers: { origin }, body: '{' })).status).toBe(403);
    expect((await ask('/session', { method: 'POST', headers: { origin }, body: JSON.stringify({ token: 'x'.repeat(5000) }) })).status).toBe(
      403,
    );
    expect((await ask('/', { method: 'PUT' })).status).toBe(405);
    expect((await login(good)).status).toBe(204);
  });

  it('opens the socket to a page with a session, and to nobody else', async () => {
    const cookie = await newCookie();
    expect(await upgrade({ origin, cookie })).toBe(101);
    expect(await upgrade({ origin: `http://localhost:${served.port}`, cookie })).toBe(403);
    expect(await upgrade({ origin })).toBe(403);
    expect(await upgrade({ origin, cookie: `${cookie}x` })).toBe(403);
    expect(await upgrade({ cookie })).toBe(403);
    expect(await upgrade({ origin: 'http://evil.example', cookie })).toBe(403);
    expect(await upgrade({ origin: `https://127.0.0.1:${served.port}`, cookie })).toBe(403);
    expect(await upgrade({ origin, cookie }, '/other')).toBe(403);
  });

  it('speaks the contract over it', async () => {
    const socket = new WebSocket(`ws://127.0.0.1:${served.port}/socket`, { headers: { origin, cookie: await newCookie() } });
    const client = connect(socketWire(socket as unknown as Socket), contract);
    expect(await client.call('settings.read', {})).toEqual({ theme: 'dark' });
    await expect(client.call('runs.get', { run: '../x' })).rejects.toMatchObject({ code: 'bad-input' });
    client.close();
  });

  it('closes on text and on damaged frames', async () => {
    for (const garbage of ['hello', Buffer.from([255, 255, 255, 255, 0])]) {
      const socket = new WebSocket(`ws://127.0.0.1:${served.port}/socket`, { headers: { origin, cookie: await newCookie() } });
      await once(socket, 'open');
      socket.send(garbage);
      await once(socket, 'close');
    }
  });

  it('says when a port is taken or the page is not built', async () => {
    const handlers = {} as unknown as Handlers<Contract>;
    await expect(serveWorkbench({ handlers, port: 0, pages: temporaryFolder() })).rejects.toMatchObject({ code: 'unavailable' });
    const pages = temporaryFolder();
    writeFileSync(join(pages, 'index.html'), '');
    await expect(serveWorkbench({ handlers, port: served.port, pages })).rejects.toMatchObject({
      code: 'conflict',
      message: expect.stringContaining('--port') as string,
    });
  });
});
