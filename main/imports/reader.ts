import { ReaderThread, usualLimits, type ReaderLimits } from '#main/datasets/reader-thread.ts';
import { builtFile } from '#main/workers/worker-handle.ts';
import { importReaderContract, type ImportReaderContract } from './reader-contract.ts';

/**
 * A thread that reads trainings of others.
 * @param file what sentences call what is read
 * @param script the entry that was built from `reader-worker.ts`
 */
export const importReader = (
  file: string,
  script = builtFile('import-reader.js'),
  limits: ReaderLimits = usualLimits,
): ReaderThread<ImportReaderContract> =>
  new ReaderThread({ file, contract: importReaderContract, script, limits, alive: (client) => client.call('alive', {}) });
