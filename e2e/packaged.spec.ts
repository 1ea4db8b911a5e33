import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makeDeb } from '../setup/deb.mjs';
import { packagedFolder } from '../setup/package-dir.mjs';
import { root } from '../setup/root.mjs';
import { startElectron } from './hosts/electron.ts';
import { Atlas, home } from './pages/atlas.ts';
import { RunScreen } from './pages/run.ts';
import { SettingsScreen } from './pages/settings.ts';
import { expect, test } from './workbench.ts';

test('the packaged app trains and draws what the development tree does', async ({ workbench }) => {
  const { page, store } = workbench;
  await expect(home(page)).toBeVisible();
  await new Atlas(page).choose('Fast');
  const screen = new RunScreen(page);
  await screen.button('Train').click();
  await expect(screen.status('finished')).toBeVisible({ timeout: 90_000 });
  // A PNG needs the native renderer and the fonts that lie beside the archive.
  const { bytes } = await workbench.download(() => screen.exportFigure('Signals', 'Figure as PNG'));
  // A film needs WebAssembly that lies in the archive.
  await page.keyboard.press('Control+Shift+F');
  const dialog = page.getByRole('dialog', { name: 'Export a film' });
  await dialog.getByRole('radiogroup', { name: 'Length' }).getByRole('radio', { name: '5 s' }).click();
  await dialog.getByRole('radiogroup', { name: 'Frames a second' }).getByRole('radio', { name: '10', exact: true }).click();
  const film = await workbench.download(() => dialog.getByRole('button', { name: 'Export' }).click());
  expect(film.name).toMatch(/\.webm$/);
  expect(film.bytes.length).toBeGreaterThan(20_000);
  expect(workbench.complaints).toEqual([]);
  await workbench.close();

  const [run = ''] = await readdir(join(store, 'runs'));
  const folder = await mkdtemp(join(tmpdir(), 'lotka-export-'));
  const file = join(folder, 'signals.png');
  const cli = join(root, 'dist', 'main', 'cli.js');
  await promisify(execFile)(process.execPath, [cli, 'export', run, 'signals', '--format', 'png', '--out', file], {
    env: { ...process.env, LOTKA_STORE: store },
  });
  expect((await readFile(file)).equals(bytes)).toBe(true);
  await rm(folder, { recursive: true });
});

test('the packaged app opens the file that it is started with', async ({ workbench }) => {
  const { store } = workbench;
  await workbench.close();
  const file = join(store, 'from a friend.lotka');
  await copyFile(join(root, 'assets', 'demonstrations', 'survival.lotka'), file);
  const app = await startElectron(store, join(store, 'profile'), 'packaged', [file]);
  await expect((await app.firstWindow()).getByText('Read from from a friend.lotka')).toBeVisible();
  await app.close();
});

// Other systems have other packages.
if (existsSync('/usr/bin/dpkg-deb'))
  test('the Debian package has the app, its entry in the menus and its kind of file, and belongs to root', async () => {
    test.setTimeout(60_000);
    const folder = await mkdtemp(join(tmpdir(), 'lotka-deb-'));
    const app = packagedFolder(process.platform, process.arch, { forTests: true });
    const file = await makeDeb({ app, folder, version: '1.2.3', architecture: process.arch, compression: 'none' });
    const { stdout: listed } = await promisify(execFile)('dpkg-deb', ['--contents', file], { maxBuffer: 1e7 });
    const held = new Map(
      listed
        .trimEnd()
        .split('\n')
        .map((line) => [line.split(' ./')[1]!, line.split(' ')[0]!]),
    );
    expect(listed).not.toMatch(/^\S+ (?!root\/root)/m);
    expect(held.get('opt/Lotka/chrome-sandbox')).toBe('-rwsr-xr-x');
    expect(held.get('opt/Lotka/lotka')).toBe('-rwxr-xr-x');
    expect(held.get('usr/bin/lotka -> /opt/Lotka/lotka')).toMatch(/^l/);
    for (const path of [
      'opt/Lotka/resources/app.asar',
      'usr/share/applications/lotka.desktop',
      'usr/share/mime/packages/lotka.xml',
      'usr/share/doc/lotka/copyright',
      'usr/share/icons/hicolor/256x256/apps/lotka.png',
      'usr/share/icons/hicolor/scalable/mimetypes/application-x-lotka.svg',
    ])
      expect([...held.keys()]).toContain(path);
    const { stdout: version } = await promisify(execFile)('dpkg-deb', ['--field', file, 'Version']);
    expect(version).toBe('1.2.3\n');
    await rm(folder, { recursive: true });
  });

test('the packaged app trains on TensorFlow, which lies outside of it @tensorflow', async ({ workbench }) => {
  const { page } = workbench;
  const settings = new SettingsScreen(page);
  await settings.open();
  await settings.backend('TensorFlow').check();
  await new Atlas(page).open();
  await new Atlas(page).choose('Fast');
  const screen = new RunScreen(page);
  await screen.parameter('Steps').fill('60');
  await screen.button('Train').click();
  await expect(screen.status('finished')).toBeVisible({ timeout: 60_000 });
  await expect(screen.rail.getByText('Computed by TensorFlow, f32')).toBeVisible();
  expect(workbench.complaints).toEqual([]);
});
