/** Files of runs in the real service: written, opened elsewhere, looked at in place, kept, and refused when they are damaged. */
import { appendFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { everything, inStatus, long, refused, start, testServices, until } from '#main/testing/service.ts';
import { small } from '#main/testing/small.ts';

const { open, close } = testServices();

interface Wanted {
  readonly runs?: string[];
  readonly sweeps?: string[];
  readonly title?: string;
}

async function packed(client: Client<Contract>, { runs = [], sweeps = [], title = '' }: Wanted): Promise<{ name: string; bytes: Buffer }> {
  const pieces: Uint8Array[] = [];
  let [name, total] = ['', 0];
  for await (const piece of client.stream('archives.pack', { runs, sweeps, title })) {
    [name, total] = [piece.name, piece.total];
    pieces.push(piece.bytes as Uint8Array);
  }
  const bytes = Buffer.concat(pieces);
  expect(bytes.length).toBe(total);
  return { name, bytes };
}

async function trained(client: Client<Contract>): Promise<string> {
  const run = await start(client, { ...long, steps: 400 });
  await until(client, run, inStatus('finished'));
  return run;
}

async function written(client: Client<Contract>, root: string, wanted: Wanted): Promise<string> {
  const { name, bytes } = await packed(client, wanted);
  const path = join(root, name);
  writeFileSync(path, bytes);
  return path;
}

async function last<T>(items: AsyncIterable<T>): Promise<T> {
  let newest: T | undefined;
  for await (const item of items) newest = item;
  return newest!;
}

describe('a run in a file', () => {
  it('is seen elsewhere as it was, without being in the store, measured too, and forked into the store', async () => {
    const here = await open();
    const run = await trained(here.client);
    const before = await everything(here.client, run);
    const path = await written(here.client, here.root, { runs: [run], title: 'for a friend' });
    expect(path.endsWith(`${run}.lotka`)).toBe(true);

    const there = await open();
    expect((await refused(there.client.call('runs.get', { run }))).code).toBe('not-found');
    const archive = await there.client.call('archives.open', { path });
    expect(archive).toMatchObject({ title: 'for a friend', unreadable: [], sweeps: [] });
    expect(archive.runs.map(({ id, status, file }) => ({ id, status, file }))).toEqual([
      { id: run, status: 'finished', file: `${run}.lotka` },
    ]);
    const seen = await everything(there.client, run);
    expect(seen).toEqual(before);
    expect((await there.client.call('runs.list', {})).total).toBe(0);
    const measured = (client: Client<Contract>) => client.call('runs.measure', { run, measure: 'subset-losses', options: {} });
    expect(await measured(there.client)).toEqual(await measured(here.client));

    for (const change of ['runs.resume', 'runs.delete'] as const)
      expect((await refused(there.client.call(change, { run }))).message).toMatch(/is only read; keep a copy of it first/);
    expect((await refused(there.client.call('runs.rename', { run, name: 'mine' }))).code).toBe('conflict');
    const fork = await there.client.call('runs.fork', { run, step: 200, parameters: {} });
    await until(there.client, fork.run, inStatus('finished'));
    const norms = async (id: string) => (await there.client.call('runs.series', { run: id, names: ['norm'], fromRow: 0 })).values['norm'];
    expect(await norms(fork.run)).toEqual(await norms(run));

    await there.client.call('archives.close', { archive: archive.id });
    expect((await refused(there.client.call('runs.get', { run }))).code).toBe('not-found');
  });

  it('is kept whole, once, and goes on from there', async () => {
    const here = await open();
    const run = await start(here.client, { ...long, steps: 100_000 });
    await until(here.client, run, ({ step }) => step > 300);
    const path = await written(here.client, here.root, { runs: [run] });
    await here.client.call('runs.stop', { run });

    const there = await open();
    const archive = await there.client.call('archives.open', { path });
    expect(archive.runs[0]!.status).toBe('stopped');
    const kept = await last(there.client.stream('archives.keep', { archive: archive.id }));
    expect(kept).toMatchObject({ taken: [run], known: [] });
    expect(kept.done).toBe(kept.total);
    expect((await there.client.call('runs.get', { run })).record.file).toBeUndefined();
    const again = await last(there.client.stream('archives.keep', { archive: archive.id }));
    expect(again).toMatchObject({ taken: [], known: [run] });
    await close(there.service);
    const later = await open(there.root);
    await later.client.call('runs.resume', { run });
    await until(later.client, run, ({ step }) => step > 1000);
    await later.client.call('runs.stop', { run });
  });

  it('arrives in pieces where no path leads to it', async () => {
    const here = await open();
    const run = await trained(here.client);
    const { bytes } = await packed(here.client, { runs: [run] });
    const there = await open();
    const { upload } = await there.client.call('archives.upload', { file: 'from a friend.lotka', bytes: bytes.length });
    const half = bytes.length >> 1;
    const add = (offset: number, piece: Buffer) => there.client.call('archives.add', { upload, offset, bytes: new Uint8Array(piece) });
    expect((await add(0, bytes.subarray(0, half))).archive).toBeNull();
    const { archive } = await add(half, bytes.subarray(half));
    expect(archive).toMatchObject({ file: 'from a friend.lotka' });
    expect((await there.client.call('runs.get', { run })).record.file).toBe('from a friend.lotka');
    const other = await there.client.call('archives.upload', { file: 'b.lotka', bytes: 10 });
    const wrong = there.client.call('archives.add', { upload: other.upload, offset: 5, bytes: new Uint8Array(5) });
    expect((await refused(wrong)).message).toBe('The file b.lotka arrived in the wrong pieces; choose it again.');
  });
});

describe('a sweep in a file', () => {
  it('has its results elsewhere, and trains no more there until it is kept', async () => {
    const here = await open();
    const definition = {
      name: 'two rates',
      experiment: 'survival',
      preset: null,
      parameters: small({ steps: 60 }) as Record<string, never>,
      backend: 'wasm' as const,
      axes: [{ kind: 'list' as const, parameter: 'weightDecay', values: [0, 0.5] }],
      sampling: { kind: 'grid' as const },
      seeds: { parameters: ['embeddingSeed'], first: 0, count: 2 },
      keep: 'outcomes' as const,
    };
    const { sweep } = await here.client.call('sweeps.start', { definition });
    for await (const update of here.client.stream('sweeps.watch', { sweep })) if (update.record.status === 'finished') break;
    const { results } = await here.client.call('sweeps.results', { sweep });
    const path = await written(here.client, here.root, { sweeps: [sweep] });

    const there = await open();
    const archive = await there.client.call('archives.open', { path });
    expect((await there.client.call('sweeps.get', { sweep })).file).toBe(`${sweep}.lotka`);
    const timeless = (of: typeof results) => of.map((result) => ({ ...result, seconds: 0 }));
    expect(timeless((await there.client.call('sweeps.results', { sweep })).results)).toEqual(timeless(results));
    expect((await there.client.call('sweeps.list', {})).sweeps).toEqual([]);
    expect((await refused(there.client.call('sweeps.addSeeds', { sweep, count: 1 }))).message).toMatch(/keep a copy of it first/);
    await last(there.client.stream('archives.keep', { archive: archive.id }));
    await there.client.call('sweeps.addSeeds', { sweep, count: 1 });
    for await (const update of there.client.stream('sweeps.watch', { sweep })) if (update.record.done === 6) break;
  });
});

describe('a bad file', () => {
  it('is refused with a sentence', async () => {
    const { client, root } = await open();
    const refusal = async (name: string, bytes: Uint8Array) => {
      writeFileSync(join(root, name), bytes);
      return (await refused(client.call('archives.open', { path: join(root, name) }))).message;
    };
    const zip = (files: Record<string, string>) =>
      zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])), { level: 0 });
    const manifest = (format: number) => JSON.stringify({ format, lotka: '9', title: '', created: '' });
    expect(await refusal('renamed.lotka', strToU8('%PDF-1.7'))).toMatch(/it is no .lotka file/);
    expect(await refusal('other.lotka', zip({ 'a.txt': 'hello' }))).toBe('"other.lotka" is no .lotka file: it does not say what it holds.');
    expect(await refusal('newer.lotka', zip({ 'lotka.json': manifest(2) }))).toBe(
      '"newer.lotka" was written by a newer Lotka (format 2, this one knows 1); update Lotka to open it.',
    );
    for (const name of ['../../evil', 'runs/../../../etc/passwd', '/etc/passwd', 'runs/survival-1/../x.npy', 'C:\\x'])
      expect(await refusal('escape.lotka', zip({ 'lotka.json': manifest(1), [name]: 'x' }))).toMatch(/which no .lotka file has/);
    expect((await refused(client.call('archives.open', { path: join(root, 'nowhere.lotka') }))).code).toBe('not-found');
    expect((await refused(client.call('archives.open', { path: root }))).code).toBe('not-found');
  });

  it('that is damaged inside is told by its checksums, and what it holds besides is kept', async () => {
    const here = await open();
    const runs = [await trained(here.client), await trained(here.client)].sort();
    const { bytes } = await packed(here.client, { runs, title: 'two' });
    const at = bytes.indexOf(`runs/${runs[1]}/series/norm.npy`) + 1000;
    bytes[at] = bytes[at]! ^ 1;
    const path = join(here.root, 'damaged.lotka');
    writeFileSync(path, bytes);
    const there = await open();
    const archive = await there.client.call('archives.open', { path });
    expect(archive.runs).toHaveLength(2);
    const { damaged } = await last(there.client.stream('archives.check', { archive: archive.id }));
    expect(damaged).toMatch(new RegExp(`"damaged.lotka" is damaged: its part runs/${runs[1]}/series/norm.npy has another checksum`));
    const error = await refused(last(there.client.stream('archives.keep', { archive: archive.id })));
    expect(error.message).toMatch(/has another checksum/);
    const { runs: kept } = await there.client.call('runs.list', {});
    expect(kept.map(({ id }) => id)).toEqual([runs[0]]);
    expect(readdirSync(join(there.root, 'runs'))).toEqual([runs[0]]);
  });

  it('of 500 MB opens within a second, and shows a frame of its end', async () => {
    const { client, root } = await open();
    const run = await trained(client);
    const { bytes } = await packed(client, { runs: [run] });
    const path = join(root, 'large.lotka');
    const large = largeArchive(bytes, run);
    writeFileSync(path, large.head);
    truncateSync(path, large.head.length + large.hole);
    appendFileSync(path, large.tail);
    expect(statSync(path).size).toBeGreaterThan(500e6);
    const other = await open();
    const begun = performance.now();
    await other.client.call('archives.open', { path });
    const frame = await other.client.call('runs.frame', { run, name: 'embedding', step: 400 });
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(frame.step).toBe(400);
  });
});

/** The archive with a checkpoint of 500 MB of nothing put in front of its directory, as two pieces with a hole between them. */
function largeArchive(bytes: Buffer, run: string): { head: Buffer; hole: number; tail: Buffer } {
  const end = bytes.length - 22;
  const [directoryAt, count] = [bytes.readUInt32LE(end + 16), bytes.readUInt16LE(end + 10)];
  const name = Buffer.from(`runs/${run}/checkpoints/399.npz`);
  const hole = 500e6;
  const local = Buffer.alloc(30);
  local.writeUInt32LE(0x04034b50, 0);
  local.writeUInt16LE(name.length, 26);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt32LE(hole, 20);
  entry.writeUInt32LE(hole, 24);
  entry.writeUInt16LE(name.length, 28);
  entry.writeUInt32LE(directoryAt, 42);
  const directory = Buffer.concat([bytes.subarray(directoryAt, end), entry, name]);
  const tail = Buffer.from(bytes.subarray(end));
  tail.writeUInt16LE(count + 1, 8);
  tail.writeUInt16LE(count + 1, 10);
  tail.writeUInt32LE(directory.length, 12);
  tail.writeUInt32LE(directoryAt + local.length + name.length + hole, 16);
  return { head: Buffer.concat([bytes.subarray(0, directoryAt), local, name]), hole, tail: Buffer.concat([directory, tail]) };
}
