/** Films in the real service, drawn and encoded in their own thread. */
import { createHash } from 'node:crypto';
import { unzipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client, InputOf } from '#app/protocol/define.ts';
import { inStatus, refused, start, testServices, until } from '#main/testing/service.ts';

const { open } = testServices();

type Request = Omit<InputOf<Contract['export.film']>, 'run' | 'shows'> & { shows?: { kind: 'figure' | 'picture'; id: string } };

async function trained(): Promise<{ client: Client<Contract>; run: string }> {
  const { client } = await open();
  const run = await start(client, { steps: 200 });
  await until(client, run, inStatus('finished'));
  return { client, run };
}

async function filmed(
  client: Client<Contract>,
  run: string,
  request: Request,
): Promise<{ name: string; mime: string; bytes: Buffer; fractions: number[] }> {
  const pieces: Uint8Array[] = [];
  const fractions: number[] = [];
  let [name, mime, total] = ['', '', 0];
  const asked = { run, shows: { kind: 'figure' as const, id: 'signals' }, size: 'usual' as const, ...request };
  for await (const { fraction, file } of client.stream('export.film', asked)) {
    fractions.push(fraction);
    if (!file) continue;
    [name, mime, total] = [file.name, file.mime, file.total];
    pieces.push(file.bytes as Uint8Array);
  }
  const bytes = Buffer.concat(pieces);
  expect(bytes.length).toBe(total);
  return { name, mime, bytes, fractions };
}

/** The compressed pixels of a PNG. */
function pixelsOf(png: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at))
    if (png.toString('latin1', at + 4, at + 8) === 'IDAT') parts.push(png.subarray(at + 8, at + 8 + png.readUInt32BE(at)));
  expect(parts.length).toBeGreaterThan(0);
  return Buffer.concat(parts);
}

/** Elements of a WebM file by id, in order; those that hold others are gone into. */
function elements(bytes: Buffer): { id: number; content: Buffer }[] {
  const found: { id: number; content: Buffer }[] = [];
  const holders = new Set([0x18538067, 0x1f43b675, 0x1654ae6b, 0xae, 0xe0, 0x1254c367, 0x7373, 0x67c8, 0x1549a966]);
  const walk = (from: number, to: number): void => {
    for (let at = from; at < to;) {
      const idLength = Math.clz32(bytes[at]!) - 23;
      const id = bytes.readUIntBE(at, idLength);
      at += idLength;
      const sizeLength = Math.clz32(bytes[at]!) - 23;
      let size = Number(bytes[at]! & (0xff >> sizeLength));
      for (let more = 1; more < sizeLength; more++) size = size * 256 + bytes[at + more]!;
      at += sizeLength;
      const end = Math.min(to, at + size);
      found.push({ id, content: bytes.subarray(at, end) });
      if (holders.has(id)) walk(at, end);
      at = end;
    }
  };
  walk(0, bytes.length);
  return found;
}

const framesOfWebm = (bytes: Buffer): number => elements(bytes).filter(({ id }) => id === 0xa3 || id === 0xa1).length;

/** Frames and hundredths of a second of a GIF, block by block. */
function readGif(bytes: Buffer): { frames: number; hundredths: number; comment: string } {
  let [frames, hundredths, comment, at] = [0, 0, '', 13 + (bytes[10]! & 0x80 ? 3 << ((bytes[10]! & 7) + 1) : 0)];
  const blocks = (): Buffer => {
    const parts: Buffer[] = [];
    for (; bytes[at] !== 0; at += 1 + bytes[at]!) parts.push(bytes.subarray(at + 1, at + 1 + bytes[at]!));
    at++;
    return Buffer.concat(parts);
  };
  for (;;) {
    const kind = bytes[at++];
    if (kind === 0x3b) return { frames, hundredths, comment };
    if (kind === 0x21) {
      const label = bytes[at++];
      const content = blocks();
      if (label === 0xf9) hundredths += content.readUInt16LE(1);
      if (label === 0xfe) comment = content.toString();
    } else {
      frames++;
      const flags = bytes[at + 8]!;
      at += 9 + (flags & 0x80 ? 3 << ((flags & 7) + 1) : 0) + 1;
      blocks();
    }
  }
}

describe('a film', () => {
  it('has the frames that were asked for, in every format, and says which run it shows', async () => {
    const { client, run } = await trained();
    const asked = { framesPerSecond: 10, seconds: 1, hold: 0.5 } as const;
    const webm = await filmed(client, run, { ...asked, format: 'webm' });
    expect([webm.name, webm.mime]).toEqual([`survival-signals-${run}.webm`, 'video/webm']);
    expect(framesOfWebm(webm.bytes)).toBe(15);
    expect(webm.fractions[0]).toBe(0);
    expect(webm.fractions).toEqual([...webm.fractions].sort((a, b) => a - b));
    const found = elements(webm.bytes);
    expect(found.find(({ id }) => id === 0xb0)!.content.readUIntBE(0, found.find(({ id }) => id === 0xb0)!.content.length)).toBe(560);
    expect(found.filter(({ id }) => id === 0x4487).map(({ content }) => content.toString())).toContainEqual(
      expect.stringContaining(`"run":"${run}"`),
    );

    const gif = readGif((await filmed(client, run, { ...asked, format: 'gif' })).bytes);
    expect(gif.hundredths).toBe(150);
    expect(gif.frames).toBeLessThanOrEqual(10);
    expect(gif.frames).toBeGreaterThan(5);
    expect(gif.comment).toContain(`"run":"${run}"`);

    const frames = unzipSync((await filmed(client, run, { ...asked, format: 'png' })).bytes);
    expect(Object.keys(frames)).toHaveLength(15);
    const digest = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
    const distinct = new Set(Object.values(frames).map(digest));
    expect(distinct.size).toBe(gif.frames);
    expect(Buffer.from(frames['frame-00001.png']!).toString('latin1')).toContain(run);
  });

  it('of a picture turns, slows down at milestones, and is the same bytes each time', async () => {
    const { client, run } = await trained();
    const asked = {
      shows: { kind: 'picture' as const, id: 'rings' },
      format: 'webm' as const,
      framesPerSecond: 8,
      seconds: 1,
      hold: 0,
      turn: 90,
      pace: 'events' as const,
      measures: ['testAccuracy'],
    };
    const [one, again] = [await filmed(client, run, asked), await filmed(client, run, asked)];
    expect(framesOfWebm(one.bytes)).toBe(8);
    expect(Buffer.compare(one.bytes, again.bytes)).toBe(0);
  });

  it('that is cancelled ends at once, and one that cannot be made says why', async () => {
    const { client, run } = await trained();
    const stopped = new AbortController();
    let items = 0;
    const asked = { run, shows: { kind: 'figure' as const, id: 'signals' }, format: 'gif' as const, seconds: 100 };
    for await (const item of client.stream('export.film', asked, { signal: stopped.signal })) {
      expect(item.file).toBeNull();
      if (++items === 3) stopped.abort();
    }
    expect(items).toBe(3);
    const failure = async (request: Partial<Request>) => (await refused(filmed(client, run, { format: 'gif', ...request }))).message;
    expect(await failure({ seconds: 600, framesPerSecond: 60 })).toMatch(
      /^600 s at 60 frames a second are 36000 frames; a film has at most 3600/,
    );
    expect(await failure({ shows: { kind: 'picture', id: 'nothing' } })).toMatch(/rings/);
    expect(await failure({ shows: { kind: 'picture', id: 'rings' }, measures: ['signals'] })).toMatch(
      /has no series "signals" of single values; it has .*testAccuracy/,
    );
  });

  it('shows a single moment as the film does', async () => {
    const { client, run } = await trained();
    const film = { run, shows: { kind: 'figure' as const, id: 'losses' }, size: 'usual' as const, format: 'png' as const };
    const { bytes } = await filmed(client, run, { ...film, seconds: 0.5, framesPerSecond: 10, hold: 0 });
    const last = Object.entries(unzipSync(bytes))
      .filter(([name]) => name.endsWith('.png'))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .at(-1)![1];
    const moment = await client.call('export.filmFrame', { ...film, share: 1, width: 560 });
    expect(moment.step).toBe(200);
    // Frames of a film carry their provenance; the pixels are the same.
    expect(pixelsOf(Buffer.from(moment.bytes as Uint8Array)).equals(pixelsOf(Buffer.from(last)))).toBe(true);
    expect((await client.call('export.filmFrame', { ...film, share: 0, width: 560 })).step).toBe(0);
    expect((await refused(client.call('export.filmFrame', { ...film, shows: { kind: 'figure', id: 'nothing' }, share: 0 }))).code).toBe(
      'not-found',
    );
  });
});
