import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { alone } from './lock.mjs';
import { npm, run } from './processes.mjs';
import { lockPath, root } from './root.mjs';
import { SetupError, during } from './talk.mjs';

/**
 * @typedef {{ packages: Record<string, { version?: string, optional?: boolean, link?: boolean }> }} Lockfile
 */

/**
 * Why node_modules does not answer to the lockfile.
 * @param {Lockfile} wanted package-lock.json
 * @param {Lockfile | null} present npm's own record of what it put into node_modules
 * @returns {string | null} The reason, or null when everything wanted is there in its version.
 */
export function staleReason(wanted, present) {
  if (!present) return 'the libraries are not installed yet';
  for (const [path, { version, optional }] of Object.entries(wanted.packages)) {
    if (path === '' || optional) continue;
    const found = present.packages[path]?.version;
    if (found !== version)
      return `${path.replace(/^.*node_modules\//, '')} ${version} is needed and ${found ?? 'no such library'} is there`;
  }
  return null;
}

/** @param {string} path @returns {Lockfile | null} */
function readLockfile(path) {
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null;
}

/** Installs node_modules when it does not answer to package-lock.json; costs a few milliseconds when it does. */
export async function ensureLibraries() {
  if (libraryTrouble()) await alone(lockPath, install);
}

/** @returns {string | null} Why the libraries must be installed. */
function libraryTrouble() {
  const wanted = readLockfile(join(root, 'package-lock.json'));
  if (!wanted) throw new SetupError('package-lock.json is missing from this folder: get it back from the repository.');
  return staleReason(wanted, readLockfile(join(root, 'node_modules', '.package-lock.json')));
}

async function install() {
  const reason = libraryTrouble();
  if (!reason) return;
  // npm would empty the folder that the link leads to, which is somebody else's.
  if (lstatSync(join(root, 'node_modules'), { throwIfNoEntry: false })?.isSymbolicLink())
    throw new SetupError(`node_modules is a link, and ${reason}: install the libraries where it leads, or remove the link.`);
  await during(`installing the libraries with npm, because ${reason} (about 600 MB on disk, a minute or two)`, async () => {
    const { command, args } = npm(['ci', '--no-audit', '--no-fund', '--loglevel=error']);
    const { code } = await run(command, args, { cwd: root, output: 'stderr' });
    if (code !== 0)
      throw new SetupError(
        'npm could not install the libraries (its words are above): check the network or the registry npm uses, then try again.',
      );
  });
}
