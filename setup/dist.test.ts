import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPackage } from '@electron/asar';
import { expect, it } from 'vitest';
import { controlFile, desktopEntry, mediaType, mediaTypes } from './deb.mjs';
import { obstacle, versionOf } from './dist.mjs';
import { root } from './root.mjs';
import { filesOf, largest } from './sizes.mjs';

const yes = () => Promise.resolve(true);
const no = () => Promise.resolve(false);

it('makes here what can be made here, and says what the rest needs', async () => {
  const debian = { platform: 'linux', has: (program: string) => Promise.resolve(program === 'dpkg-deb'), reaches: no };
  expect(await obstacle('dir', debian)).toBeNull();
  expect(await obstacle('deb', debian)).toBeNull();
  expect(await obstacle('AppImage', debian)).toContain('internet');
  expect(await obstacle('rpm', debian)).toContain('rpmbuild');
  expect(await obstacle('nsis', debian)).toBe('it is made on Windows');
  expect(await obstacle('dmg', debian)).toBe('it is made on macOS');
  expect(await obstacle('deb', { platform: 'linux', has: no, reaches: yes })).toContain('dpkg-deb');
  expect(await obstacle('rpm', { platform: 'linux', has: yes, reaches: yes })).toBeNull();
  expect(await obstacle('deb', { platform: 'darwin', has: yes, reaches: yes })).toBe('it is made on Linux');
});

it('marks what is not the release, so that the release replaces it', () => {
  expect(versionOf('0.1.0', { source: 'package', electron: '45.4.1', format: 'deb' })).toBe('0.1.0');
  expect(versionOf('0.1.0', { source: 'registry', electron: '33.2.1', format: 'deb' })).toBe('0.1.0~electron33.2.1');
  expect(versionOf('0.1.0', { source: 'registry', electron: '33.2.1', format: 'AppImage' })).toBe('0.1.0-electron33.2.1');
});

it('tells the desktop of one and the same media type everywhere', () => {
  const builder = readFileSync(join(root, 'electron-builder.yml'), 'utf8');
  expect(builder).toContain(`mimeType: ${mediaType}`);
  expect(builder).toContain('ext: lotka');
  expect(desktopEntry).toMatch(new RegExp(`^MimeType=${mediaType};$`, 'm'));
  expect(mediaTypes).toContain(`type="${mediaType}"`);
  expect(mediaTypes).toContain('*.lotka');
});

it('describes the package to Debian, with what Electron needs under its old and new names', () => {
  const control = controlFile({ version: '0.1.0', architecture: 'x64', kilobytes: 250_000 });
  expect(control).toMatch(/^Architecture: amd64$/m);
  expect(control).toMatch(/^Installed-Size: 250000$/m);
  expect(control).toMatch(/^Depends: libc6, libgtk-3-0t64 \| libgtk-3-0, libnss3/m);
  expect(controlFile({ version: '1', architecture: 'arm64', kilobytes: 1 })).toContain('Architecture: arm64');
});

it('lists the largest files of an app, those in its archive among them', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lotka-sizes-'));
  const [app, packed] = [join(folder, 'app'), join(folder, 'packed')];
  mkdirSync(join(packed, 'dist'), { recursive: true });
  mkdirSync(join(app, 'resources'), { recursive: true });
  writeFileSync(join(packed, 'dist', 'a.js'), Buffer.alloc(2_000_000));
  writeFileSync(join(packed, 'b.js'), Buffer.alloc(10));
  writeFileSync(join(app, 'lotka'), Buffer.alloc(5_000_000));
  await createPackage(packed, join(app, 'resources', 'app.asar'));
  const files = filesOf(app);
  expect(files).toEqual([
    { path: 'lotka', bytes: 5_000_000 },
    { path: 'resources/app.asar/dist/a.js', bytes: 2_000_000 },
    { path: 'resources/app.asar/b.js', bytes: 10 },
  ]);
  expect(largest(files, 1).split('\n')).toEqual(['   5.0 MB  lotka', '   2.0 MB  2 smaller files', '   7.0 MB  together']);
  rmSync(folder, { recursive: true });
});
