/** Packages the workbench into a folder, without any download: what the packaged test runs, and a quick look for people. */
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureBuilt } from './build.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { ensureLibraries } from './install.mjs';
import { run } from './processes.mjs';
import { root } from './root.mjs';
import { SetupError, during, main } from './talk.mjs';

/**
 * @typedef {object} Packaging
 * @property {boolean} forTests For tests the inspector fuse stays on, because Playwright drives the app through it, and the app has
 *   a place of its own; everything else is as in a release.
 */

/** Where packages go. @param {Packaging} how */
export const releaseFolder = ({ forTests }) => join(root, 'release', ...(forTests ? ['test'] : []));

/**
 * Where `packageDir` puts the app.
 * @param {string} platform
 * @param {string} architecture
 * @param {Packaging} how
 */
export function packagedFolder(platform, architecture, how) {
  const suffix = architecture === 'arm64' ? '-arm64' : '';
  const name = { darwin: `mac${suffix}`, win32: `win${suffix}-unpacked` }[platform] ?? `linux${suffix}-unpacked`;
  return join(releaseFolder(how), name);
}

/**
 * The packaged program.
 * @param {string} platform
 * @param {string} architecture
 * @param {Packaging} [how]
 */
export function packagedExecutable(platform, architecture, how = { forTests: true }) {
  const folder = packagedFolder(platform, architecture, how);
  if (platform === 'darwin') return join(folder, 'Lotka.app', 'Contents', 'MacOS', 'Lotka');
  return join(folder, platform === 'win32' ? 'Lotka.exe' : 'lotka');
}

/**
 * Runs electron-builder with the settings of this repository.
 * @param {readonly string[]} args
 * @returns {Promise<string | null>} What it said if it failed.
 */
export async function electronBuilder(args) {
  const { code, output } = await run(
    process.execPath,
    [join(root, 'node_modules', 'electron-builder', 'cli.js'), '--publish=never', '--config=electron-builder.yml', ...args],
    { cwd: root, output: 'capture', env: { ...process.env, CSC_IDENTITY_AUTO_DISCOVERY: 'false' } },
  );
  return code === 0 ? null : output.trim();
}

/**
 * Packages the app into a folder, for this system. Needs a build.
 * @param {string} electronDist Folder of the Electron to pack.
 * @param {Packaging} [how]
 */
export async function packageDir(electronDist, how = { forTests: true }) {
  const output = releaseFolder(how);
  await during(`packaging the app into ${relative(root, output)}`, async () => {
    const trouble = await electronBuilder([
      '--dir',
      ...(how.forTests ? ['--config.electronFuses.enableNodeCliInspectArguments=true'] : []),
      `--config.directories.output=${output}`,
      `--config.electronDist=${electronDist}`,
    ]);
    if (trouble !== null) throw new SetupError(`electron-builder could not package the app:\n${trouble}`);
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
