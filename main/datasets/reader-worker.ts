/** Entry of the thread that reads one file: `workerData` is the port to the service. */
import { workerData } from 'node:worker_threads';
import type { ImportChoices } from '#app/datasets/choices.ts';
import { importFile, openFile, planFor, readingChoices, type OpenedFile } from '#app/datasets/import.ts';
import { previewOf } from '#app/datasets/preview.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { serve } from '#app/protocol/server.ts';
import { portWire, type EventPort } from '#app/protocol/wires.ts';
import { readerContract, type ReaderContract } from './reader-contract.ts';
import { turnOf } from './turn.ts';

function handlers(): Handlers<ReaderContract> {
  let given: { readonly file: string; readonly bytes: Uint8Array } | null = null;
  let opened: { readonly by: string; readonly file: OpenedFile } | null = null;

  /** The file, read anew only if choices ask for it. */
  const open = async (choices: ImportChoices, signal: AbortSignal): Promise<OpenedFile> => {
    if (!given) throw new LotkaError('internal', 'There is no file to read.');
    const by = readingChoices(choices);
    if (opened?.by === by) return opened.file;
    // Not two of it at once.
    opened = null;
    const file = await openFile(given.bytes, given.file, choices, turnOf(signal));
    opened = { by, file };
    return file;
  };
  return {
    take: ({ file, bytes }) => {
      given = { file, bytes: new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength) };
      return {};
    },
    preview: async ({ choices }, { signal }) => {
      const file = await open(choices, signal);
      return previewOf(file, planFor(file, choices));
    },
    import: async ({ choices }, { signal }) => importFile(await open(choices, signal), choices, turnOf(signal)),
    alive: () => ({}),
  };
}

serve(portWire(workerData as EventPort), readerContract, handlers());
