/** Packages the workbench into a folder, without any download: what the packaged test runs, and a quick look for people. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { ensureLibraries } from './install.mjs';
import { run } from './processes.mjs';
import { root } from './root.mjs';
import { SetupError, during, main } from './talk.mjs';

/** Where `packageDir` puts the app, by platform. */
export function packagedExecutable(/** @type {string} */ platform, /** @type {string} */ architecture) {
  const suffix = architecture === 'arm64' ? '-arm64' : '';
  const folder = join(root, 'release', 'test');
  if (platform === 'darwin') return join(folder, `mac${suffix}`, 'Lotka.app', 'Contents', 'MacOS', 'Lotka');
  if (platform === 'win32') return join(folder, `win${suffix}-unpacked`, 'Lotka.exe');
  return join(folder, `linux${suffix}-unpacked`, 'lotka');
}

/**
 * Needs a build. The inspector fuse stays on, because Playwright drives the app through it; everything else is as in a release.
 * @param {string} electronDist Folder of the Electron to pack.
 */
export async function packageDir(electronDist) {
  await during('packaging the app into release/test', async () => {
    const { code, output } = await run(
      process.execPath,
      [
        join(root, 'node_modules', 'electron-builder', 'cli.js'),
        '--dir',
        '--publish=never',
        '--config=electron-builder.yml',
        '--config.electronFuses.enableNodeCliInspectArguments=true',
        '--config.directories.output=release/test',
        `--config.electronDist=${electronDist}`,
      ],
      { cwd: root, output: 'capture', env: { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' } },
    );
    if (code !== 0) throw new SetupError(`electron-builder could not package the app:\n${output.trim()}`);
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    await ensureLibraries();
    await ensureBuilt();
    const runtime = await electronRuntime();
    if (!runtime) return 1;
    await packageDir(runtime.folder);
    process.stdout.write(`${packagedExecutable(process.platform, process.arch)}\n`);
    return 0;
  });
}
