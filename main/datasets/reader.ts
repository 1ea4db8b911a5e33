/** Reads a file to a dataset, in a thread of its own. */
import type { ImportChoices } from '#app/datasets/choices.ts';
import type { ImportedData } from '#app/datasets/import.ts';
import type { DatasetPreview } from '#app/protocol/dataset.ts';
import type { CallOptions } from '#app/protocol/define.ts';
import { builtFile } from '#main/workers/worker-handle.ts';
import { readerContract, type ReaderContract } from './reader-contract.ts';
import { ReaderThread, usualLimits, type ReaderLimits } from './reader-thread.ts';

export type { ReaderLimits } from './reader-thread.ts';

export class FileReader {
  readonly #thread: ReaderThread<ReaderContract>;

  /** @param script the entry that was built from `reader-worker.ts` */
  constructor(file: string, bytes: Uint8Array, limits: ReaderLimits = usualLimits, script = builtFile('dataset-reader.js')) {
    this.#thread = new ReaderThread({
      file,
      contract: readerContract,
      script,
      limits,
      begin: async (client) => void (await client.call('take', { file, bytes })),
      alive: (client) => client.call('alive', {}),
    });
  }

  /** @throws LotkaError `bad-input` naming file, row and column; `cancelled` */
  preview(choices: ImportChoices, options: CallOptions): Promise<DatasetPreview> {
    return this.#thread.ask((client) => client.call('preview', { choices }, options));
  }

  /** @throws LotkaError `bad-input` naming file, row and column; `cancelled` */
  import(choices: ImportChoices, options: CallOptions): Promise<ImportedData> {
    return this.#thread.ask((client) => client.call('import', { choices }, options));
  }

  /** Ends the thread; the next question begins another. */
  leave(): void {
    this.#thread.leave();
  }
}
