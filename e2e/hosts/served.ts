import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { chromium } from 'playwright/test';
import { findChromium } from '../../setup/chromium.mjs';
import { isRoot } from '../../setup/host.mjs';
import { root } from '../../setup/root.mjs';
import { softwareGraphics, type Host } from './host.ts';

const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run', '--disable-quic'];

/** Starts `lotka serve`, or another command that serves, and gives the address that it prints. */
export async function startServer(
  store: string,
  command: readonly string[] = ['serve'],
): Promise<{ server: ChildProcess; address: string }> {
  const server = spawn(process.execPath, [join(root, 'dist', 'main', 'cli.js'), ...command], {
    env: { ...process.env, LOTKA_STORE: store },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  const address = new Promise<string>((resolve, reject) => {
    const hear = (chunk: Buffer): void => {
      said += String(chunk);
      const found = /http:\/\/\S+#token=[\w-]+\S*(?=\s)/.exec(said)?.[0];
      if (found) resolve(found);
    };
    server.stdout.on('data', hear);
    server.stderr.on('data', hear);
    server.once('exit', (code) => reject(new Error(`lotka serve ended with exit code ${code}: ${said}`)));
  });
  return { server, address: await address };
}

export async function endServer(server: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (server.exitCode !== null || server.signalCode !== null) return;
  server.kill(signal);
  await once(server, 'exit');
}

export async function launchServed(store: string): Promise<Host> {
  const executablePath = findChromium();
  if (!executablePath) throw new Error('There is no Chromium: run the tests with npm test.');
  const browser = await chromium.launch({ executablePath, chromiumSandbox: !isRoot(), args: [...quiet, ...softwareGraphics] });
  let { server, address } = await startServer(store);
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, acceptDownloads: true });
  const page = await context.newPage();
  await page.goto(address);

  return {
    page,
    async reload() {
      await page.reload();
    },
    resize: (width, height) => page.setViewportSize({ width, height }),
    async download(trigger) {
      const [download] = await Promise.all([page.waitForEvent('download'), trigger()]);
      return { name: download.suggestedFilename(), bytes: await readFile(await download.path()) };
    },
    async killService() {
      await endServer(server, 'SIGKILL');
      ({ server, address } = await startServer(store));
      await page.goto(address);
    },
    async close() {
      await browser.close();
      await endServer(server, 'SIGTERM');
    },
  };
}
