import { randomBytes } from 'node:crypto';
import { access, constants, rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { duration } from '#app/experiments/cost.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { packageVersion } from '#main/paths.ts';
import { requireBackend } from '#main/workers/backends.ts';
import type { SlurmOptions, SlurmPlace } from './options.ts';
import { largestArray, requireSlurm } from './commands.ts';
import { JobArray, type Task } from './job-array.ts';
import { jobScript } from './script.ts';

/**
 * Makes sure that Slurm takes jobs, and that nodes see the folder and have the same Lotka.
 * @throws LotkaError `unavailable` or `bad-input`: one sentence with what is missing and what helps
 */
export async function checkSlurm(place: SlurmPlace, options: Required<SlurmOptions>): Promise<void> {
  await requireFolder(place.folder);
  await requireSlurm(options.answerMilliseconds);
  await largestArray();
  const folder = join(place.folder, `lotka-check-${randomBytes(4).toString('hex')}`);
  const { build } = await requireBackend('wasm');
  const nothing = { sweep: 'check', experiment: '', secondsPerTrial: null, chunks: [[]] };
  const work = { format: 1 as const, ...nothing, backend: 'wasm' as const, engine: build, lotka: packageVersion() };
  const path = join(folder, 'lotka-check');
  try {
    const array = await JobArray.submit(path, work, (token) => jobScript(path, token, options.commands), place.options);
    try {
      await answered(array, place.folder, options);
    } finally {
      await array.cancel();
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function requireFolder(folder: string): Promise<void> {
  const refuse = (what: string): LotkaError =>
    new LotkaError(
      'bad-input',
      `The folder "${folder}" cannot be used for Slurm: ${what}. Name a folder that all nodes see under the same path.`,
    );
  if (!isAbsolute(folder)) throw refuse('its path does not begin at the root');
  const found = await stat(folder).catch(() => null);
  if (!found) throw refuse('it does not exist');
  if (!found.isDirectory()) throw refuse('it is a file');
  await access(folder, constants.W_OK).catch(() => {
    throw refuse('it cannot be written');
  });
}

async function answered(
  array: JobArray,
  folder: string,
  { patienceMilliseconds, lookMilliseconds, settleMilliseconds }: Required<SlurmOptions>,
): Promise<void> {
  const task: Task = array.tasks[0]!;
  const patience = performance.now() + patienceMilliseconds;
  let begun: number | null = null;
  let ended: number | null = null;
  for (;;) {
    await array.refresh();
    await array.read();
    if (task.refused !== null) throw new LotkaError('unavailable', task.refused);
    if (task.phase === 'ended') return;
    const now = performance.now();
    if (task.phase === 'waiting' && now > patience) return;
    if (task.phase === 'running' && now - (begun ??= now) > patienceMilliseconds)
      throw new LotkaError(
        'unavailable',
        `A test job on node ${task.node} has said nothing for ${duration(patienceMilliseconds / 1000)}: it hangs where it looks into the folder ${folder}, or where Lotka starts there.`,
      );
    if (task.phase === 'lost') {
      const reason = await array.reason(task);
      ended ??= now;
      if (!/^COMPLETED/.test(reason))
        throw new LotkaError('unavailable', `A test job on node ${task.node || 'of the cluster'} failed: ${reason}.`);
      if (now - ended > settleMilliseconds)
        throw new LotkaError(
          'unavailable',
          `The folder ${folder} is not shared: this machine does not see what node ${task.node} writes there. Name a folder that all nodes see under the same path.`,
        );
    }
    await sleep(Math.min(lookMilliseconds, 500));
  }
}
