/** Answers the part of the contract that is about .lotka files. */
import { archiveExtension } from '#app/archives/layout.ts';
import type { Archive, archiveCalls } from '#app/protocol/archive-calls.ts';
import type { Handlers } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Guest, Guests } from '#main/archives/guests.ts';
import { demonstrationPath, isDemonstration } from '#main/archives/demonstrations.ts';
import { pack, type Packing } from '#main/archives/pack.ts';
import { ReceivedFiles } from '#main/archives/received.ts';
import { checked, unpack, type Take } from '#main/archives/unpack.ts';
import { adoptImported, importedFolder, importedIds } from '#main/datasets/imported.ts';
import { packageVersion } from '#main/paths.ts';
import { partsOf } from '#main/store/parts.ts';
import type { Store } from '#main/store/store.ts';
import type { Sweeps } from '#main/sweeps/sweeps.ts';
import type { Runs } from './runs.ts';

interface ArchiveParts {
  readonly store: Store;
  readonly runs: Runs;
  readonly sweeps: Sweeps;
  readonly received: ReceivedFiles;
}

export function archiveHandlers({ store, runs, sweeps, received }: ArchiveParts): Handlers<typeof archiveCalls> {
  const { guests } = store;
  return {
    'archives.list': () => ({ archives: guests.list().map(archiveOf) }),
    'archives.open': ({ path }) => archiveOf(guests.open(path)),
    'archives.demonstration': ({ experiment }) => archiveOf(guests.open(demonstrationPath(experiment))),
    'archives.upload': ({ file, bytes }) => ({ upload: received.begin(file, bytes) }),
    'archives.add': ({ upload, offset, bytes }) => {
      const whole = received.add(upload, offset, new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength));
      return { archive: whole === null ? null : archiveOf(openReceived(guests, received, whole)) };
    },
    'archives.close': ({ archive }) => {
      const { path } = guests.get(archive);
      guests.close(archive);
      received.remove(path);
      return {};
    },
    'archives.check': ({ archive }, { signal }) => check(guests.get(archive), signal),
    'archives.keep': ({ archive }, { signal }) => unpack(guests.get(archive), takeInto({ store, runs, sweeps }), signal),
    'archives.pack': async function* (wanted, { signal }) {
      const packing = await packingOf({ store, runs, sweeps }, wanted);
      for await (const piece of pack(packing, signal)) yield { name: fileName(packing), ...piece };
    },
  };
}

const archiveOf = ({ id, path, file, bytes, manifest, runs, sweeps, unreadable }: Guest): Archive => ({
  id,
  file,
  bytes,
  title: manifest.title,
  lotka: manifest.lotka,
  created: manifest.created,
  runs: [...runs],
  sweeps: [...sweeps],
  unreadable: [...unreadable],
  bundled: isDemonstration(path),
});

/** A file that cannot be opened is not kept. */
function openReceived(guests: Guests, received: ReceivedFiles, path: string): Guest {
  try {
    return guests.open(path);
  } catch (error) {
    received.remove(path);
    throw error;
  }
}

async function* check({ path, file }: Guest, signal: AbortSignal): AsyncGenerator<{ fraction: number; damaged: string | null }> {
  const parts = [...partsOf(path).values()];
  const total = parts.reduce((sum, { length }) => sum + length, 0);
  let done = 0;
  for (const { name, length } of parts) {
    if (signal.aborted) return;
    try {
      for await (const chunk of checked(path, file, name)) {
        done += chunk.length;
        yield { fraction: Math.min(1, done / Math.max(1, total)), damaged: null };
      }
    } catch (error) {
      if (!(error instanceof LotkaError)) throw error;
      yield { fraction: Math.min(1, (done + length) / Math.max(1, total)), damaged: error.message };
      return;
    }
  }
  yield { fraction: 1, damaged: null };
}

const takeInto =
  ({ store, runs, sweeps }: Omit<ArchiveParts, 'received'>): Take =>
  async (kind, id, write) => {
    if (kind === 'datasets') return adoptImported(store.root, id, write);
    const holder = kind === 'runs' ? runs : sweeps;
    if (holder.isOwn(id)) return false;
    await holder.adopt(id, write);
    return true;
  };

async function packingOf(
  { store, runs, sweeps }: Omit<ArchiveParts, 'received'>,
  wanted: { runs: readonly string[]; sweeps: readonly string[]; title: string; lean: boolean },
): Promise<Packing> {
  const packedRuns: { record: ReturnType<Runs['record']>; folder: string }[] = [];
  for (const id of new Set(wanted.runs)) {
    const { folder } = await runs.onDisk(id);
    packedRuns.push({ record: runs.record(id), folder });
  }
  const imported = new Set(importedIds(store.root));
  const learned = new Set(packedRuns.flatMap(({ record }) => record.provenance.dataset?.id ?? []));
  return {
    title: wanted.title,
    lean: wanted.lean,
    lotka: packageVersion(),
    created: new Date().toISOString(),
    runs: packedRuns,
    sweeps: [...new Set(wanted.sweeps)].map((id) => ({ record: sweeps.record(id), folder: sweeps.folderOf(id) })),
    datasets: [...learned].filter((id) => imported.has(id)).map((id) => ({ id, folder: importedFolder(store.root, id) })),
  };
}

/** A single run or sweep gives the file its id; a collection its title. */
function fileName({ title, runs, sweeps }: Packing): string {
  const [only, ...others] = [...runs, ...sweeps];
  const named = title
    .normalize('NFKD')
    .replace(/[^\w .-]+/g, '')
    .trim()
    .slice(0, 80);
  return `${others.length === 0 ? only!.record.id : named || `${runs.length + sweeps.length} runs`}${archiveExtension}`;
}
