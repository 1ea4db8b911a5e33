/** `npm run dist [-- formats ...]`: makes what people install. What cannot be made here says what it needs. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './build.mjs';
import { makeDeb } from './deb.mjs';
import { electronRuntime } from './electron-runtime.mjs';
import { ensureLibraries } from './install.mjs';
import { electronBuilder, packageDir, packagedFolder, releaseFolder } from './package-dir.mjs';
import { run } from './processes.mjs';
import { root } from './root.mjs';
import { filesOf, largest, megabytes } from './sizes.mjs';
import { SetupError, during, main, say } from './talk.mjs';

const how = { forTests: false };
const folder = releaseFolder(how);

/** @typedef {'dir' | 'deb' | 'AppImage' | 'rpm' | 'nsis' | 'dmg'} Format */

/** @type {Record<Format, { system: string, platform: string, flag: string, ending: string, what: string }>} */
const formats = {
  dir: { system: 'this system', platform: process.platform, flag: '', ending: '', what: 'a folder to be started from' },
  deb: { system: 'Linux', platform: 'linux', flag: '--linux', ending: '.deb', what: 'Debian, Ubuntu and their kin; needs no download' },
  AppImage: { system: 'Linux', platform: 'linux', flag: '--linux', ending: '.AppImage', what: 'any Linux, one file' },
  rpm: { system: 'Linux', platform: 'linux', flag: '--linux', ending: '.rpm', what: 'Fedora, openSUSE and their kin' },
  nsis: { system: 'Windows', platform: 'win32', flag: '--win', ending: '.exe', what: 'Windows' },
  dmg: { system: 'macOS', platform: 'darwin', flag: '--mac', ending: '.dmg', what: 'macOS' },
};
const names = /** @type {Format[]} */ (Object.keys(formats));

const help = `npm run dist                 everything that this system's users install
npm run dist -- deb          only that; of ${names.join(', ')}
npm run dist -- --sizes      also the 50 largest files of the app

${names.map((name) => `${name.padEnd(10)} ${formats[name].what}`).join('\n')}

A package is made on the system and the processor that it is for, because the parts of the libraries that are not JavaScript are those
of this machine. electron-builder downloads the tools for AppImage, rpm, nsis and dmg from GitHub once.`;

/**
 * Why a format cannot be made here.
 * @param {Format} format
 * @param {{ platform: string, has: (program: string) => Promise<boolean>, reaches: () => Promise<boolean> }} facts
 * @returns {Promise<string | null>}
 */
export async function obstacle(format, { platform, has, reaches }) {
  const { platform: needed, system } = formats[format];
  if (format === 'dir') return null;
  if (platform !== needed) return `it is made on ${system}`;
  if (format === 'deb') return (await has('dpkg-deb')) ? null : 'it needs dpkg-deb, which Debian and Ubuntu have (package dpkg)';
  if (format === 'rpm' && !(await has('rpmbuild'))) return 'it needs rpmbuild (package rpm)';
  return (await reaches()) ? null : "it needs the internet: electron-builder's tools for it come from GitHub, which cannot be reached here";
}

/** @param {string} program */
const has = (program) =>
  run(program, ['--version'], { output: 'capture' }).then(
    ({ code }) => code === 0,
    () => false,
  );

/** Whether electron-builder will get its tools; asked once, and not for long. */
const reaches = (() => {
  /** @type {Promise<boolean> | undefined} */
  let answer;
  return () =>
    (answer ??= fetch('https://github.com/electron-userland/electron-builder-binaries/releases', {
      method: 'HEAD',
      signal: AbortSignal.timeout(5000),
    }).then(
      ({ ok }) => ok,
      () => false,
    ));
})();

/**
 * The version that a package bears. One around another Electron than the pinned one sorts before the release: for Debian by a tilde,
 * for all others, which electron-builder makes, as a pre-release of semantic versions.
 * @param {string} version
 * @param {{ source: string, electron: string, format: Format }} of
 */
export const versionOf = (version, { source, electron, format }) =>
  source === 'package' ? version : `${version}${format === 'deb' ? '~' : '-'}electron${electron}`;

/**
 * @param {Format} format
 * @param {{ app: string, version: string }} of
 * @returns {Promise<string[]>} What was made.
 */
async function make(format, { app, version }) {
  if (format === 'dir') return [app];
  if (format === 'deb') return [await makeDeb({ app, folder, version, architecture: process.arch })];
  const before = new Map(listed().map((path) => [path, statSync(path).mtimeMs]));
  const trouble = await during(`making ${format}`, () =>
    electronBuilder([
      formats[format].flag,
      format,
      `--${process.arch}`,
      `--prepackaged=${process.platform === 'darwin' ? join(app, 'Lotka.app') : app}`,
      `--config.directories.output=${folder}`,
      `--config.extraMetadata.version=${version}`,
    ]),
  );
  if (trouble !== null) throw new SetupError(`electron-builder could not make ${format}:\n${trouble}`);
  return listed().filter((path) => path.endsWith(formats[format].ending) && before.get(path) !== statSync(path).mtimeMs);
}

const listed = () => (existsSync(folder) ? readdirSync(folder).map((name) => join(folder, name)) : []);

/** @param {string} path */
const sizeOf = (path) => (statSync(path).isDirectory() ? filesOf(path).reduce((sum, { bytes }) => sum + bytes, 0) : statSync(path).size);

/** @param {readonly string[]} args */
function readArguments(args) {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: { sizes: { type: 'boolean' }, help: { type: 'boolean', short: 'h' } },
    });
    const unknown = positionals.find((name) => !names.includes(/** @type {Format} */ (name)));
    if (unknown !== undefined) throw new SetupError(`There is no format "${unknown}": choose of ${names.join(', ')}.`);
    return { ...values, asked: /** @type {Format[]} */ (positionals) };
  } catch (error) {
    if (error instanceof SetupError) throw error;
    throw new SetupError(`${error instanceof Error ? error.message : String(error)}\n${help}`);
  }
}

if (process.argv[1] === import.meta.filename)
  await main(async () => {
    const { sizes, help: wantsHelp, asked } = readArguments(process.argv.slice(2));
    if (wantsHelp) {
      process.stdout.write(`${help}\n`);
      return 0;
    }
    await ensureLibraries();
    await ensureBuilt();
    const runtime = await electronRuntime();
    if (!runtime) return 1;
    const electron = readFileSync(join(runtime.folder, 'version'), 'utf8').trim().replace(/^v/, '');
    if (runtime.source !== 'package')
      say(`what is made here has Electron ${electron} inside, which is not the pinned one: good for trying it out, not for giving it away`);
    const { version: released } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    await packageDir(runtime.folder, how);
    const app = packagedFolder(process.platform, process.arch, how);

    let code = 0;
    for (const format of asked.length > 0 ? asked : names) {
      const reason = await obstacle(format, { platform: process.platform, has, reaches });
      if (reason === null)
        for (const path of await make(format, { app, version: versionOf(released, { source: runtime.source, electron, format }) }))
          tell(format, `${relative(root, path)}, ${megabytes(sizeOf(path))}`);
      else if (asked.length > 0 || formats[format].platform === process.platform) {
        tell(format, `not made: ${reason}`);
        if (asked.length > 0) code = 1;
      } else tell(format, `not here: ${reason}`);
    }
    if (sizes) process.stdout.write(`\n${largest(filesOf(app), 50)}\n`);
    return code;
  });

/** @param {Format} format @param {string} line */
function tell(format, line) {
  process.stdout.write(`${format.padEnd(10)} ${line}\n`);
}
