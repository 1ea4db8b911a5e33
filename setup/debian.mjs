/** Debian packages: installed when we may, named with the exact command when we may not. */
import { existsSync } from 'node:fs';
import { isRoot } from './host.mjs';
import { run } from './processes.mjs';
import { SetupError, during, say } from './talk.mjs';

/**
 * What is needed from the system, each with the names it has had (newer releases renamed some). The first that the
 * system's package lists know is taken.
 * @type {Record<'electron' | 'chromium' | 'display' | 'compiler' | 'slurm' | 'redis', readonly (readonly string[])[]>}
 */
export const needs = {
  electron: [
    ['libgtk-3-0t64', 'libgtk-3-0'],
    ['libnss3'],
    ['libasound2t64', 'libasound2'],
    ['libgbm1'],
    ['libxss1'],
    ['libxtst6'],
    ['libatk-bridge2.0-0t64', 'libatk-bridge2.0-0'],
    ['libcups2t64', 'libcups2'],
    ['libdrm2'],
    ['libgl1-mesa-dri'],
  ],
  chromium: [['chromium'], ['fonts-liberation']],
  display: [['xvfb'], ['xauth']],
  compiler: [['g++'], ['make'], ['python3'], ['python3-pip']],
  slurm: [['slurmctld'], ['slurmd'], ['slurm-client'], ['munge']],
  redis: [['redis-server'], ['openssl']],
};

/**
 * Which packages to ask for.
 * @param {readonly (readonly string[])[]} wanted Alternatives for each need.
 * @param {ReadonlySet<string>} installed
 * @param {ReadonlySet<string>} known Names in the package lists.
 * @returns {string[]} One name for each need that is not met.
 */
export function missingPackages(wanted, installed, known) {
  return wanted
    .filter((names) => !names.some((name) => installed.has(name)))
    .map((names) => names.find((name) => known.has(name)) ?? names.at(-1) ?? '');
}

/** Whether the system is Debian or made of it. */
export const isDebian = () => process.platform === 'linux' && existsSync('/etc/debian_version') && existsSync('/usr/bin/dpkg-query');

/** @param {readonly string[]} names */
async function installedOf(names) {
  const { output } = await run('dpkg-query', ['-W', '-f', '${Package} ${db:Status-Status}\\n', ...names], { output: 'capture' });
  return new Set(output.split('\n').flatMap((line) => (line.endsWith(' installed') ? [line.split(' ')[0]] : [])));
}

/** @param {readonly string[]} names */
async function knownOf(names) {
  const { output } = await run('apt-cache', ['pkgnames'], { output: 'capture' });
  const all = new Set(output.split('\n'));
  return new Set(names.filter((name) => all.has(name)));
}

/**
 * Why packages are not there, in a sentence. A mirror that `apt-get update` did not reach is the reason even where it ended with 0.
 * @param {readonly string[]} packages
 * @param {import('./processes.mjs').Finished} lists What `apt-get update` came to.
 * @param {import('./processes.mjs').Finished} install What `apt-get install` came to.
 */
export function aptRefusal(packages, lists, install) {
  const names = packages.join(' ');
  const unreached = /^[EW]: Failed to fetch \S+\s+(.+?)\.?$/m.exec(`${lists.output}\n${install.output}`)?.[1];
  if (unreached !== undefined)
    return `apt-get cannot reach the mirrors of Debian's packages (${unreached}), so ${names} ${packages.length === 1 ? 'is' : 'are'} missing: mend the network or /etc/apt/sources.list, or install them yourself.`;
  const lines = `${lists.code === 0 ? '' : lists.output}\n${install.output}`.split('\n').filter((line) => /^[EW]: /.test(line));
  return `apt-get could not install ${names}: ${lines.map((line) => line.slice(3)).join('; ') || `it ended with exit code ${install.code}`}.`;
}

/**
 * Sees to it that system packages are there. Does nothing where the system is not Debian's.
 * @param {readonly (keyof typeof needs)[]} groups
 * @param {string} purpose For what, in one phrase.
 * @returns {Promise<boolean>} False when some are missing and it is not for us to install them; the command has then been said.
 */
export async function ensureSystemPackages(groups, purpose) {
  if (!isDebian()) return true;
  const wanted = groups.flatMap((group) => needs[group]);
  const names = wanted.flat();
  const present = await installedOf(names);
  if (missingPackages(wanted, present, new Set()).length === 0) return true;
  if (!isRoot()) {
    const missing = missingPackages(wanted, present, await knownOf(names));
    say(`${purpose} needs system packages; install them with: sudo apt-get install -y --no-install-recommends ${missing.join(' ')}`);
    return false;
  }
  await during(`installing system packages for ${purpose}`, async () => {
    const environment = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    const apt = (/** @type {string[]} */ ...args) => run('apt-get', ['-q', '-y', ...args], { output: 'capture', env: environment });
    const lists = await apt('update');
    const missing = missingPackages(wanted, present, await knownOf(names));
    say(`  ${missing.join(' ')}`);
    const installed = await apt('install', '--no-install-recommends', ...missing);
    if (installed.code !== 0) throw new SetupError(aptRefusal(missing, lists, installed));
  });
  return true;
}
