import { totalmem } from 'node:os';
import { LotkaError } from '#app/protocol/errors.ts';

const megabyte = 2 ** 20;
/** Less than this trains nothing worth seeing. */
const least = 16 * megabyte;

/**
 * Bytes that one run may take: `LOTKA_RUN_MEMORY` (in MB), else what Settings say (`runMemory`, in MB), else half of the machine's
 * memory shared among the workers, and at least 256 MB.
 * @throws LotkaError `bad-input` for an environment that cannot be read as such
 */
export function bytesPerRun(workers: number, settings: Readonly<Record<string, unknown>>, environment = process.env): number {
  const given = environment.LOTKA_RUN_MEMORY;
  if (given !== undefined && given !== '') {
    const bytes = Number(given) * megabyte;
    if (!(bytes >= least && Number.isFinite(bytes)))
      throw new LotkaError('bad-input', `LOTKA_RUN_MEMORY = ${given} cannot be used: it is a number of megabytes from 16.`);
    return bytes;
  }
  const { runMemory } = settings;
  if (typeof runMemory === 'number' && runMemory * megabyte >= least) return runMemory * megabyte;
  return Math.max(256 * megabyte, Math.floor(machineMemory() / 2 / workers));
}

/** Bytes of the machine, or of the container this process may use. */
function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(totalmem(), constrained) : totalmem();
}
