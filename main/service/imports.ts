/** Answers the part of the contract that is about trainings of others. */
import type { ImportMapping } from '#app/imports/mapping.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { importCalls } from '#app/protocol/imports.ts';
import type { ReaderThread } from '#main/datasets/reader-thread.ts';
import { importReader } from '#main/imports/reader.ts';
import type { ImportFiles } from '#main/imports/files.ts';
import { importRun, type FileHere } from '#main/imports/import-run.ts';
import type { ImportReaderContract } from '#main/imports/reader-contract.ts';
import type { Store } from '#main/store/store.ts';
import type { Host } from './info.ts';
import { pause } from './pause.ts';

export interface ImportParts {
  readonly store: Store;
  readonly files: ImportFiles;
  readonly host: Host;
  /** Told of a run that appeared. */
  changed(run: string): void;
  /** The built entry of the thread, unless given. */
  readonly script?: string;
}

/** Milliseconds between two looks at how far an import is. */
const lookMilliseconds = 100;

export function importHandlers(parts: ImportParts): Handlers<typeof importCalls> & { closeImports(): void } {
  const { store, files, host } = parts;
  /** The thread that has the files of the latest question open. */
  let latest: { readonly by: string; readonly thread: ReaderThread<ImportReaderContract> } | null = null;

  const threadOf = (ids: readonly string[]): { thread: ReaderThread<ImportReaderContract>; here: readonly FileHere[] } => {
    const here = files.whole(ids);
    const by = ids.join();
    if (latest?.by !== by) {
      latest?.thread.leave();
      latest = { by, thread: importReader(here[0]!.name, parts.script) };
    }
    return { thread: latest.thread, here };
  };

  async function* start(ids: readonly string[], mapping: ImportMapping, signal: AbortSignal) {
    const { thread, here } = threadOf(ids);
    const begun = performance.now();
    let fraction = 0;
    let ended = false;
    const leaving = new AbortController();
    const importing = thread.ask((client) =>
      importRun({ store, client, files: here, mapping, signal: AbortSignal.any([signal, leaving.signal]) }, (done) => (fraction = done)),
    );
    const outcome: Promise<{ record: RunRecord } | { error: unknown }> = importing
      .then(
        (record) => ({ record }),
        (error: unknown) => ({ error }),
      )
      .finally(() => (ended = true));
    try {
      while (!ended) {
        const passed = (performance.now() - begun) / 1000;
        yield { fraction, secondsLeft: fraction > 0.02 ? (passed * (1 - fraction)) / fraction : null, run: null, message: null };
        await Promise.race([outcome, pause(lookMilliseconds, signal)]);
      }
      const result = await outcome;
      if ('error' in result) throw result.error;
      parts.changed(result.record.id);
      yield { fraction: 1, secondsLeft: 0, run: result.record.id, message: result.record.message };
    } finally {
      leaving.abort();
      await outcome;
    }
  }

  return {
    'imports.upload': async ({ file, bytes }) => ({ file: await files.begin(file, bytes) }),
    'imports.add': async ({ file, offset, bytes }) => {
      await files.add(file, offset, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      return {};
    },
    'imports.open': async ({ path }) => {
      if (host !== 'cli')
        throw new LotkaError('unavailable', 'Files are opened where they lie on the command line only: lotka import <file>');
      return { file: await files.open(path) };
    },
    'imports.inspect': ({ files: ids, mapping }, { signal }) => {
      const { thread, here } = threadOf(ids);
      return thread.ask((client) => client.call('inspect', { files: here.map(({ name, path }) => ({ name, path })), mapping }, { signal }));
    },
    'imports.start': ({ files: ids, mapping }, { signal }) => start(ids, mapping, signal),
    'imports.discard': async ({ files: ids }) => {
      latest?.thread.leave();
      latest = null;
      await files.discard(ids);
      return {};
    },
    closeImports: () => latest?.thread.leave(),
  };
}
