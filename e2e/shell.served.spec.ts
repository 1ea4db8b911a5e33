import { once } from 'node:events';
import { get, type IncomingHttpHeaders } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { root } from '../setup/root.mjs';
import { endServer, startServer } from './hosts/served.ts';
import { expect, test as base } from './workbench.ts';

/** The server alone, without a browser. */
const test = base.extend<{ address: URL }>({
  // eslint-disable-next-line no-empty-pattern
  address: async ({}, use) => {
    const store = await mkdtemp(join(tmpdir(), 'lotka-e2e-'));
    const { server, address } = await startServer(store);
    await use(new URL(address));
    await endServer(server, 'SIGTERM');
    await rm(store, { recursive: true, force: true, maxRetries: 5 });
  },
});

async function ask(
  address: URL,
  path: string,
  headers: Record<string, string> = {},
): Promise<{ status: number; headers: IncomingHttpHeaders }> {
  const request = get({ host: '127.0.0.1', port: address.port, path, headers });
  const [response] = await once(request, 'response');
  response.resume();
  return { status: response.statusCode, headers: response.headers };
}

/** Whether a socket that says these things is let in. */
async function letIn(address: URL, headers: Record<string, string>): Promise<boolean> {
  const socket = new WebSocket(`ws://127.0.0.1:${address.port}/socket`, { headers });
  const open = await new Promise<boolean>((resolve) => {
    socket.once('open', () => resolve(true));
    socket.once('error', () => resolve(false));
  });
  socket.terminate();
  return open;
}

test('listens on loopback only', async ({ address }) => {
  expect(address.hostname).toBe('127.0.0.1');
  const outside = Object.values(networkInterfaces()).flatMap((list) =>
    (list ?? []).filter(({ internal, family }) => !internal && family === 'IPv4'),
  );
  for (const { address: host } of outside) {
    const socket = createConnection({ host, port: Number(address.port) });
    const reached = await new Promise<boolean>((resolve) => {
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
    });
    socket.destroy();
    expect(reached).toBe(false);
  }
});

test('refuses foreign names, foreign origins and those without a session', async ({ address }) => {
  expect((await ask(address, '/', { Host: `evil.example:${address.port}` })).status).toBeGreaterThanOrEqual(400);
  expect((await ask(address, '/', { Host: `127.0.0.1:${address.port}` })).headers).not.toHaveProperty('access-control-allow-origin');
  const origin = address.origin;
  expect(await letIn(address, { Origin: origin })).toBe(false);
  expect(await letIn(address, {})).toBe(false);
  expect(await letIn(address, { Origin: 'http://evil.example', Cookie: 'session=guess' })).toBe(false);
});

test('the address works once', async ({ workbench }) => {
  expect(workbench.page.url()).not.toContain('token');
});

test('a workbench that is started with a file shows it', async ({ workbench }) => {
  const store = await mkdtemp(join(tmpdir(), 'lotka-e2e-'));
  const file = join(root, 'assets', 'demonstrations', 'omnigrok.lotka');
  const { server, address } = await startServer(store, ['open', file]);
  await workbench.page.goto(address);
  await expect(workbench.page.getByRole('heading', { name: 'Omnigrok: the landscape of norms' })).toBeVisible();
  expect(workbench.page.url()).not.toContain('token');
  await endServer(server, 'SIGTERM');
  await rm(store, { recursive: true, force: true, maxRetries: 5 });
});
