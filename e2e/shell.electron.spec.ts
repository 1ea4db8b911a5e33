import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ElectronApplication } from 'playwright/test';
import { root } from '../setup/root.mjs';
import { startElectron } from './hosts/electron.ts';
import { home } from './pages/atlas.ts';
import { expect, test as base } from './workbench.ts';

/** Electron alone, without the fixture's second load of the page. */
const test = base.extend<{ profile: string; app: ElectronApplication }>({
  // eslint-disable-next-line no-empty-pattern
  profile: async ({}, use) => {
    const folder = await mkdtemp(join(tmpdir(), 'lotka-profile-'));
    await use(folder);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  },
  app: async ({ store, profile }, use) => {
    const app = await startElectron(store, profile, 'electron');
    await use(app);
    await app.close();
  },
});

test('stays where it is: web links go to the browser, everything else nowhere', async ({ app }) => {
  const page = await app.firstWindow();
  await page.waitForLoadState();
  const home = page.url();
  await app.evaluate(({ shell }) => {
    const opened: string[] = [];
    (globalThis as { opened?: string[] }).opened = opened;
    shell.openExternal = async (url) => void opened.push(url);
  });
  for (const url of ['https://example.org/paper', 'file:///etc/passwd', 'javascript:1', 'smb://host/share', 'lotka://evil/']) {
    await page.evaluate((target) => {
      window.open(target);
      const link = document.createElement('a');
      link.href = target;
      document.body.append(link);
      link.click();
    }, url);
  }
  await expect
    .poll(() => app.evaluate(() => (globalThis as { opened?: string[] }).opened))
    .toEqual(['https://example.org/paper', 'https://example.org/paper']);
  expect(page.url()).toBe(home);
  expect(app.windows()).toHaveLength(1);
});

test("the bridge holds three things, and the menu performs the page's actions", async ({ app }) => {
  const page = await app.firstWindow();
  await page.waitForLoadState();
  expect(await page.evaluate(() => Object.keys((window as unknown as { lotka: object }).lotka))).toEqual([
    'host',
    'pathForFile',
    'showMenu',
  ]);
  const click = (label: string, entry: string) =>
    app.evaluate(
      ({ Menu }, [menu, item]) =>
        Menu.getApplicationMenu()!
          .items.find((candidate) => candidate.label === menu)!
          .submenu!.items.find((candidate) => candidate.label === item)!
          .click(),
      [label, entry] as const,
    );
  await expect.poll(() => app.evaluate(({ Menu }) => Menu.getApplicationMenu()!.items.map(({ label }) => label))).toContain('Go to');
  await click('Go to', 'Settings');
  await expect(page).toHaveURL(/#\/settings/);
});

/** Starts the same program a second time, which hands over what it was given and ends. */
async function startAgain(app: ElectronApplication, store: string, more: readonly string[] = []): Promise<void> {
  const { spawnargs, spawnfile } = app.process();
  const args = spawnargs.slice(1).filter((argument) => !/^--(inspect|remote-debugging)|\.lotka$/.test(argument));
  const second = spawn(spawnfile, [...args, ...more], { env: { ...process.env, LOTKA_STORE: store }, stdio: 'ignore' });
  const [code] = await once(second, 'exit');
  expect(code).toBe(0);
}

test('a second start shows the first window', async ({ app, store, profile }) => {
  await app.firstWindow();
  await startAgain(app, store);
  expect(app.process().spawnargs.some((argument) => argument.includes(profile))).toBe(true);
  expect(app.windows()).toHaveLength(1);
});

test('opens files of runs that the desktop names, in the window that is there', async ({ store, profile }) => {
  const [one, several] = await Promise.all(
    ['survival', 'omnigrok'].map(async (experiment) => {
      const copy = join(profile, `${experiment} of a friend.lotka`);
      await copyFile(join(root, 'assets', 'demonstrations', `${experiment}.lotka`), copy);
      return copy;
    }),
  );
  const app = await startElectron(store, profile, 'electron', [one!]);
  const page = await app.firstWindow();
  await expect(page.getByText('Read from survival of a friend.lotka')).toBeVisible();
  await startAgain(app, store, [pathToFileURL(several!).href]);
  await expect(page.getByRole('heading', { name: 'Omnigrok: the landscape of norms' })).toBeVisible();
  await startAgain(app, store, [join(profile, 'none.lotka')]);
  await expect(page.getByText(/none\.lotka/)).toBeVisible();
  expect(app.windows()).toHaveLength(1);
  await app.close();
});

test('comes back where it was', async ({ store, profile }) => {
  const place = { x: 40, y: 60, width: 1100, height: 700 };
  const first = await startElectron(store, profile, 'electron');
  await first.firstWindow();
  await first.evaluate(({ BrowserWindow }, bounds) => BrowserWindow.getAllWindows()[0]!.setBounds(bounds), place);
  await first.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close()).catch(() => undefined);
  await first.close().catch(() => undefined);
  const again = await startElectron(store, profile, 'electron');
  await again.firstWindow();
  expect(await again.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.getNormalBounds())).toEqual(place);
  await again.close();
});

test('says in the window why it cannot start, and tries again when asked', async ({ store, profile }) => {
  const file = join(store, 'occupied');
  await writeFile(file, 'a file where a folder should be');
  const app = await startElectron(file, profile, 'electron');
  const page = await app.firstWindow();
  await expect(page.getByRole('heading', { name: 'Lotka cannot go on' })).toBeVisible();
  await expect(page.getByRole('alert')).toContainText(file);
  await expect(page.getByRole('alert')).not.toContainText('Error');
  await rm(file);
  await mkdir(file);
  await page.getByRole('link', { name: 'Try again' }).click();
  await expect(home(page)).toBeVisible();
  await app.close();
});

test('a page that dies is offered again, and shows what was asked for meanwhile', async ({ app, store }) => {
  const page = await app.firstWindow();
  await page.waitForLoadState();
  const gone = page.waitForEvent('crash');
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.forcefullyCrashRenderer());
  await gone;
  await expect
    .poll(() => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.getURL()))
    .toContain('/-/trouble');
  await startAgain(app, store, [join(root, 'assets', 'demonstrations', 'omnigrok.lotka')]);
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript(`document.links[0].click()`));
  await expect
    .poll(() =>
      app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.webContents.executeJavaScript('document.body.innerText')),
    )
    .toContain('Omnigrok: the landscape of norms');
});

test('a window for visitors fills the screen and is not closed by accident', async ({ store, profile }) => {
  const app = await startElectron(store, profile, 'electron', ['--kiosk']);
  const page = await app.firstWindow();
  await expect(page.getByRole('complementary', { name: 'Guided tour' })).toBeVisible();
  const isKiosk = (): Promise<boolean> => app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.isKiosk());
  expect(await isKiosk()).toBe(true);
  expect(await app.evaluate(({ Menu }) => Menu.getApplicationMenu())).toBeNull();
  await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]!.close());
  // As the keyboard does: what Playwright types reaches the page alone.
  const press = (keyCode: string, modifiers: ('control' | 'shift')[]): Promise<void> =>
    app.evaluate(
      ({ BrowserWindow }, input) => BrowserWindow.getAllWindows()[0]!.webContents.sendInputEvent({ type: 'keyDown', ...input }),
      { keyCode, modifiers },
    );
  await press('w', ['control']);
  expect(await isKiosk()).toBe(true);
  const ended = app.waitForEvent('close');
  await press('q', ['control', 'shift']).catch(() => undefined);
  await ended;
});
