import { resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { filmFormats, filmInfo, type FilmFormat } from '#app/films/formats.ts';
import { paces, type Pace } from '#app/films/steps.ts';
import { sizeNames, type SizeName } from '#app/figures/drawing.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { runHelp, wholeNumber } from './arguments.ts';
import { tell } from './output.ts';
import { openProgress, type Progress } from './progress.ts';
import { onInterrupt, withService } from './with-service.ts';
import { formatFor, writePieces } from './writing.ts';

interface FilmOptions {
  readonly figure?: string;
  readonly picture?: string;
  readonly format?: FilmFormat;
  readonly fps: number;
  readonly seconds: number;
  readonly hold: number;
  readonly pace: Pace;
  readonly measure: string[];
  readonly turn: number;
  readonly theme: 'light' | 'dark';
  readonly size: SizeName;
  readonly from?: string;
  readonly out?: string;
}

/** `lotka film`: the timeline of a run as a film, drawn without a window. */
export function addFilmCommand(program: Command): void {
  program
    .command('film')
    .description('write the timeline of a run as a film')
    .argument('<run>', runHelp)
    .option('--figure <figure>', 'the figure that is filmed, as lotka export names it')
    .option('--picture <picture>', 'the 3D picture that is filmed, by its id')
    .addOption(
      new Option(
        '--format <format>',
        `${filmFormats.map((format) => `${format}: ${filmInfo[format].help}`).join('; ')}; that of the ending of --out, else webm`,
      ).choices(filmFormats),
    )
    .addOption(new Option('--fps <count>', 'frames a second').argParser(wholeNumber(1, 60)).default(30))
    .addOption(new Option('--seconds <seconds>', 'how long it takes').argParser(Number).default(10))
    .addOption(new Option('--hold <seconds>', 'how long the last frame stays').argParser(Number).default(1))
    .addOption(new Option('--pace <pace>', 'even in steps, in their logarithm, or slower around milestones').choices(paces).default('log'))
    .option(
      '--measure <series...>',
      'series whose values are written beside the step',
      (name: string, names: string[]) => [...names, name],
      [],
    )
    .addOption(new Option('--turn <degrees>', 'of a picture: how far it turns meanwhile').argParser(Number).default(0))
    .addOption(new Option('--theme <theme>', 'colours').choices(['light', 'dark']).default('light'))
    .addOption(new Option('--size <size>', 'how large').choices(sizeNames).default('slide'))
    .option('--from <file>', 'a .lotka file that the run lies in')
    .option('--out <file>', 'file to write; a name of its own in this folder unless told')
    .action((run: string, options: FilmOptions) => withService((client) => write(client, run, options), { readOnly: true }));
}

async function write(client: Client<Contract>, run: string, options: FilmOptions): Promise<void> {
  const { figure, picture, fps, measure, from, out, ...rest } = options;
  const format = formatFor(options, filmFormats, (one) => filmInfo[one].ending, 'webm');
  if ((figure === undefined) === (picture === undefined))
    throw new LotkaError('bad-input', 'A film shows one thing: give --figure or --picture.');
  if (from !== undefined) await client.call('archives.open', { path: resolve(from) });
  const shows = figure === undefined ? { kind: 'picture' as const, id: picture! } : { kind: 'figure' as const, id: figure };
  const stopped = new AbortController();
  const release = onInterrupt(() => stopped.abort());
  const progress = openProgress();
  const request = { run, shows, framesPerSecond: fps, measures: measure, ...rest, format };
  const items = client.stream('export.film', request, { signal: stopped.signal })[Symbol.asyncIterator]();
  try {
    let item = await items.next();
    while (!item.done && item.value.file === null) {
      progress.show(item.value.fraction, 'drawing', item.value.secondsLeft);
      item = await items.next();
    }
    if (item.done) throw new LotkaError('cancelled', 'Nothing was written.');
    const { name, total } = item.value.file!;
    const path = resolve(out ?? name);
    await writePieces(path, bytesOf(item, items, progress));
    tell(`wrote ${path}, ${(total / 1e6).toFixed(1)} MB`);
  } finally {
    progress.end();
    release();
  }
}

type Items = AsyncIterator<{ readonly file: { readonly total: number; readonly bytes: ArrayBufferView } | null }>;

async function* bytesOf(first: Awaited<ReturnType<Items['next']>>, items: Items, progress: Progress): AsyncGenerator<Uint8Array> {
  let [done, total] = [0, 0];
  for (let item = first; !item.done; item = await items.next()) {
    const { file } = item.value;
    if (!file) continue;
    total = file.total;
    done += file.bytes.byteLength;
    progress.show(done / total, 'writing', null);
    yield file.bytes as Uint8Array;
  }
  if (done < total) throw new LotkaError('cancelled', 'Nothing was written.');
}
