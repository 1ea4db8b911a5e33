import { resolve } from 'node:path';
import type { Command } from 'commander';
import type { Archive } from '#app/protocol/archive-calls.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { print, printJson, table, tell } from './output.ts';
import { openProgress } from './progress.ts';
import { onInterrupt, withService } from './with-service.ts';
import { writePieces } from './writing.ts';

interface PackOptions {
  readonly title?: string;
  readonly lean?: boolean;
  readonly out?: string;
}

interface UnpackOptions {
  readonly look?: boolean;
  readonly check?: boolean;
  readonly json?: boolean;
}

/** `lotka pack` and `lotka unpack`: runs and sweeps as one file for somebody else, and back. */
export function addArchiveCommands(program: Command): void {
  program
    .command('pack')
    .description('write runs and sweeps into one .lotka file, to be opened elsewhere')
    .argument('<ids...>', 'as lotka runs and lotka sweeps list them')
    .option('--title <title>', 'what the file is, in a few words')
    .option('--lean', 'only the last checkpoint of each run; others are trained again when they are needed, to the same bits')
    .option('--out <file>', 'file to write; a name of its own in this folder unless told')
    .action((ids: string[], options: PackOptions) => withService((client) => pack(client, ids, options), { readOnly: true }));

  program
    .command('unpack')
    .description('keep what lies in a .lotka file: its runs, sweeps and datasets go into the store, checked')
    .argument('<file>', 'a .lotka file')
    .option('--look', 'say what is in it, and keep nothing')
    .option('--check', 'compare the checksums of everything in it, and keep nothing')
    .option('--json', 'with --look: print one JSON object')
    .action(async (file: string, options: UnpackOptions) => {
      const readOnly = options.look === true || options.check === true;
      await withService(async (client) => unpack(client, await client.call('archives.open', { path: resolve(file) }), options), {
        readOnly,
      });
    });
}

async function pack(client: Client<Contract>, ids: readonly string[], { title = '', lean = false, out }: PackOptions): Promise<void> {
  const sweeps = new Set((await client.call('sweeps.list', {})).sweeps.map(({ id }) => id));
  const input = { runs: ids.filter((id) => !sweeps.has(id)), sweeps: ids.filter((id) => sweeps.has(id)), title, lean };
  const stopped = new AbortController();
  const release = onInterrupt(() => stopped.abort());
  const progress = openProgress();
  const stream = client.stream('archives.pack', input, { signal: stopped.signal })[Symbol.asyncIterator]();
  try {
    const first = await stream.next();
    if (first.done) throw new LotkaError('cancelled', 'Nothing was written.');
    const path = resolve(out ?? first.value.name);
    await writePieces(
      path,
      pieces(first.value, stream, stopped.signal, (fraction) => progress.show(fraction, path, null)),
    );
    tell(`wrote ${path}, ${size(first.value.total)}`);
  } finally {
    progress.end();
    release();
  }
}

interface Piece {
  readonly total: number;
  readonly bytes: ArrayBufferView;
}

async function* pieces(
  first: Piece,
  rest: AsyncIterator<Piece>,
  signal: AbortSignal,
  show: (fraction: number) => void,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for (let piece: Piece | null = first; piece;) {
    yield piece.bytes as Uint8Array;
    done += piece.bytes.byteLength;
    show(done / first.total);
    const next: IteratorResult<Piece> = await rest.next();
    piece = next.done ? null : next.value;
  }
  if (signal.aborted || done < first.total) throw new LotkaError('cancelled', 'Nothing was written.');
}

async function unpack(client: Client<Contract>, archive: Archive, { look, check, json }: UnpackOptions): Promise<void> {
  for (const sentence of archive.unreadable) tell(sentence);
  if (check) await compare(client, archive);
  else if (look && json) printJson({ ...archive, runs: archive.runs.map(({ id }) => id), sweeps: archive.sweeps.map(({ id }) => id) });
  else if (look) {
    tell(
      `${archive.file}: ${archive.title || 'no title'}, ${size(archive.bytes)}, written by Lotka ${archive.lotka} on ${archive.created.slice(0, 10)}`,
    );
    const rows = [
      ...archive.runs.map(({ id, name, experiment, status, step }) => [id, 'run', experiment, status, String(step), name]),
      ...archive.sweeps.map(({ id, definition, status, done }) => [
        id,
        'sweep',
        definition.experiment,
        status,
        String(done),
        definition.name,
      ]),
    ];
    print(table(['id', 'what', 'experiment', 'status', 'steps or trials', 'name'], rows, [5]));
  } else await keep(client, archive);
}

async function compare(client: Client<Contract>, { id, file, unreadable }: Archive): Promise<void> {
  const progress = openProgress();
  try {
    for await (const { fraction, damaged } of client.stream('archives.check', { archive: id })) {
      if (damaged !== null) throw new LotkaError('bad-input', damaged);
      progress.show(fraction, file, null);
    }
  } finally {
    progress.end();
  }
  if (unreadable.length > 0) throw unread(file, unreadable);
  tell(`${file}: everything in it is as it was written.`);
}

/** What was said of each already comes to an end that is no success. */
const unread = (file: string, unreadable: readonly string[]): LotkaError =>
  new LotkaError('bad-input', `${unreadable.length} of what lies in "${file}" cannot be read.`);

async function keep(client: Client<Contract>, { id, file, unreadable }: Archive): Promise<void> {
  const progress = openProgress();
  let found: { readonly taken: readonly string[]; readonly known: readonly string[] } = { taken: [], known: [] };
  try {
    for await (const item of client.stream('archives.keep', { archive: id })) {
      progress.show(item.done / Math.max(1, item.total), file, null);
      found = item;
    }
  } finally {
    progress.end();
  }
  for (const one of found.taken) print(one);
  if (found.known.length > 0) tell(`in the store already: ${found.known.join(', ')}`);
  if (unreadable.length > 0) throw unread(file, unreadable);
}

const size = (bytes: number): string => (bytes < 1e6 ? `${Math.ceil(bytes / 1000)} kB` : `${(bytes / 1e6).toFixed(1)} MB`);
