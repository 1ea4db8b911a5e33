/** The daemons that tests of sweeps on other machines start and stop: Slurm's, and Redis. */
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { ensureSystemPackages } from './debian.mjs';
import { SetupError } from './talk.mjs';

/** @typedef {'slurm' | 'redis'} Daemon */

/** @type {readonly { need: Daemon, name: string, programs: readonly string[] }[]} */
const daemons = [
  { need: 'slurm', name: 'sweeps on Slurm', programs: ['slurmctld', 'slurmd', 'munged', 'sbatch', 'squeue', 'sacct', 'scancel'] },
  { need: 'redis', name: 'sweeps over Redis', programs: ['redis-server', 'openssl'] },
];

/**
 * Which programs are on no folder of a path.
 * @param {readonly string[]} programs
 * @param {string} path
 */
export function absentPrograms(programs, path) {
  const folders = path.split(delimiter).filter((folder) => folder !== '');
  return programs.filter((program) => !folders.some((folder) => existsSync(join(folder, program))));
}

/** Daemons of Debian lie where only root's path leads. */
const path = () => [process.env.PATH ?? '', '/usr/sbin', '/sbin'].join(delimiter);

/**
 * Sees to it that the daemons are there, through Debian's packages where that is for us to do.
 * @returns {Promise<{ need: Daemon, name: string, reason: string | null }[]>} `reason`: one line why it cannot be had, or null.
 */
export async function ensureDaemons() {
  const found = [];
  for (const { need, name, programs } of daemons) found.push({ need, name, reason: await reasonAgainst(need, name, programs) });
  return found;
}

/** @param {Daemon} need @param {string} name @param {readonly string[]} programs */
async function reasonAgainst(need, name, programs) {
  if (absentPrograms(programs, path()).length === 0) return null;
  try {
    await ensureSystemPackages([need], `the tests of ${name}`);
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    return error.message;
  }
  const absent = absentPrograms(programs, path());
  return absent.length === 0 ? null : `not found: ${absent.join(', ')}`;
}
