import { once } from 'node:events';
import { get, type IncomingHttpHeaders } from 'node:http';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'playwright/test';
import { WebSocket } from 'ws';
import { root } from '../setup/root.mjs';
import { endServer, startServer } from './hosts/served.ts';
import { TourCard } from './pages/tour.ts';
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

/** Goes to what a command serves, and looks at it. */
async function visit(page: Page, command: readonly string[], look: () => Promise<void>): Promise<void> {
  const store = await mkdtemp(join(tmpdir(), 'lotka-e2e-'));
  const { server, address } = await startServer(store, command);
  await page.goto(address);
  await look();
  expect(page.url()).not.toContain('token');
  await endServer(server, 'SIGTERM');
  await rm(store, { recursive: true, force: true, maxRetries: 5 });
}

test('a workbench that is started with a file shows it', async ({ workbench: { page } }) => {
  const file = join(root, 'assets', 'demonstrations', 'omnigrok.lotka');
  await visit(page, ['open', file], () => expect(page.getByRole('heading', { name: 'Omnigrok: the landscape of norms' })).toBeVisible());
});

test('a workbench for visitors shows its tours, at the pace that is asked for', async ({ workbench: { page } }) => {
  const tour = new TourCard(page);
  await visit(page, ['serve', '--kiosk=20'], async () => {
    await expect(tour.card).toBeVisible();
    const first = await tour.heading();
    // Nobody reads this fast: at the usual pace no step of a tour is shown for less than ten seconds.
    await expect.poll(() => tour.heading(), { timeout: 9_000 }).not.toBe(first);
  });
});
