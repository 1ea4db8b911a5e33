import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { _electron, errors, expect, type ElectronApplication } from 'playwright/test';
import { electronRuntime } from '../../setup/electron-runtime.mjs';
import { electronArguments, isRoot } from '../../setup/host.mjs';
import { packagedExecutable } from '../../setup/package-dir.mjs';
import { root } from '../../setup/root.mjs';
import type { Host } from './host.ts';

/**
 * @param profile Folder of the window's own things: its lock, its place on the screen.
 * @param kind The development tree, or the packaged app.
 * @param more Further arguments of the program.
 */
export async function startElectron(
  store: string,
  profile: string,
  kind: 'electron' | 'packaged',
  more: readonly string[] = [],
): Promise<ElectronApplication> {
  const folder = electronArguments({ folder: root, platform: process.platform, isRoot: isRoot() });
  const env = { ...process.env, LOTKA_STORE: store, LOTKA_SOFTWARE_GL: '1' } as Record<string, string>;
  const common = { cwd: root, env, chromiumSandbox: !isRoot() };
  const own = `--user-data-dir=${profile}`;
  if (kind === 'packaged') return launchPackaged({ ...common, args: [...folder.slice(1), own, ...more] });

  const executable = process.env.LOTKA_ELECTRON ?? (await electronRuntime({ quiet: true }))?.executable;
  if (!executable) throw new Error('There is no Electron: run the tests with npm test.');
  // Named this way, not by executablePath, Playwright holds the app's start back until it is attached.
  process.env.ELECTRON_OVERRIDE_DIST_PATH = dirname(executable);
  return _electron.launch({ ...common, args: [...folder, own, ...more], timeout: 30_000 });
}

/** A packaged app cannot be held back, and now and then Playwright attaches at a bad moment and waits for ever: then once more. */
async function launchPackaged(options: {
  cwd: string;
  env: Record<string, string>;
  chromiumSandbox: boolean;
  args: string[];
}): Promise<ElectronApplication> {
  const launch = (): Promise<ElectronApplication> =>
    _electron.launch({ ...options, executablePath: packagedExecutable(process.platform, process.arch), timeout: 15_000 });
  try {
    return await launch();
  } catch (error) {
    if (!(error instanceof errors.TimeoutError)) throw error;
    return launch();
  }
}

/** The process that holds the service; 0 while there is none. */
export const servicePid = (app: ElectronApplication): Promise<number> =>
  app.evaluate(({ app: main }) => main.getAppMetrics().find(({ type, name }) => type === 'Utility' && name === 'Lotka service')?.pid ?? 0);

export async function launchElectron(store: string, kind: 'electron' | 'packaged'): Promise<Host> {
  const profile = await mkdtemp(join(tmpdir(), 'lotka-profile-'));
  const app = await startElectron(store, profile, kind);
  const page = await app.firstWindow();

  return {
    page,
    async reload() {
      await page.reload();
    },
    async resize(width, height) {
      await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(size.width, size.height), {
        width,
        height,
      });
    },
    async download(trigger) {
      const folder = await mkdtemp(join(tmpdir(), 'lotka-download-'));
      await app.evaluate(({ session }, target) => {
        const seen = globalThis as { lotkaDownload?: Promise<string> };
        seen.lotkaDownload = new Promise((resolve, reject) => {
          session.defaultSession.once('will-download', (_event, item) => {
            item.setSavePath(`${target}/file`);
            item.once('done', (_done, state) => (state === 'completed' ? resolve(item.getFilename()) : reject(new Error(state))));
          });
        });
      }, folder);
      await trigger();
      const name = await app.evaluate(() => (globalThis as { lotkaDownload?: Promise<string> }).lotkaDownload ?? '');
      const bytes = await readFile(join(folder, 'file'));
      await rm(folder, { recursive: true });
      return { name, bytes };
    },
    async killService() {
      const pid = await servicePid(app);
      process.kill(pid, 'SIGKILL');
      await expect.poll(async () => ![0, pid].includes(await servicePid(app)), { timeout: 20_000 }).toBe(true);
    },
    async close() {
      await app.close();
      await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
