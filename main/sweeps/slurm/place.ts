import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepPlaceInfo } from '#app/protocol/sweep.ts';
import type { PlaceKind } from '../place-kind.ts';
import { defaults, SlurmSweepBackend } from './backend.ts';
import { largestArray, requireSlurm, SlurmAbsent } from './commands.ts';
import type { SlurmPlace } from './options.ts';

/** Slurm, among the places where sweeps can be trained. */
export const slurmKind: PlaceKind<SlurmPlace> = {
  open: (place) => new SlurmSweepBackend(place),
  describe: describeSlurm,
};

/** Whether this machine can start sweeps on a Slurm cluster. */
export async function describeSlurm(): Promise<SweepPlaceInfo> {
  const info = (state: SweepPlaceInfo['state'], why: string): SweepPlaceInfo => ({ kind: 'slurm', label: 'Slurm cluster', state, why });
  try {
    await requireSlurm(defaults.answerMilliseconds);
    const tasks = await largestArray();
    return info('ready', `Job arrays of up to ${tasks} tasks, over a folder that all nodes see; results come in while the array runs.`);
  } catch (error) {
    if (!(error instanceof LotkaError)) throw error;
    return info(error instanceof SlurmAbsent ? 'absent' : 'broken', error.message);
  }
}
