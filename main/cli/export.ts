import { resolve } from 'node:path';
import { InvalidArgumentError, Option, type Command } from 'commander';
import { experimentById, experiments } from '#app/experiments/registry.ts';
import { figureSizes, fontModes, sizeNames, type SizeName } from '#app/figures/drawing.ts';
import { exportFormats, type ExportFormat } from '#app/figures/formats.ts';
import { sweepFigures } from '#app/landscape/figures/of-sweep.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepRecord } from '#app/protocol/sweep.ts';
import { collect, wholeNumber } from './arguments.ts';
import { tell } from './output.ts';
import { parseAssignments } from './parameters.ts';
import { formatFor, writeWhole } from './writing.ts';
import { withService } from './with-service.ts';

interface ExportOptions {
  readonly format: ExportFormat;
  readonly theme: 'light' | 'dark';
  readonly size: SizeName;
  readonly title?: string;
  readonly rename: readonly string[];
  readonly transparent?: boolean;
  readonly scale: number;
  readonly letters: number;
  readonly lines: number;
  readonly xLimits?: [number, number];
  readonly yLimits?: [number, number];
  readonly fonts: (typeof fontModes)[number];
  readonly step?: number;
  readonly at: readonly string[];
  readonly x?: string;
  readonly y?: string;
  readonly columns: number;
  readonly seed?: number;
  readonly overlay?: string;
  readonly smoothed?: boolean;
  readonly with?: readonly string[];
  readonly align?: string;
  readonly difference?: boolean;
  readonly from?: string;
  readonly out?: string;
}

const figures = experiments.map(({ id, figures: all, pictures }) => `${id}: ${[...all, ...pictures].map((shown) => shown.id).join(' | ')}`);
const outcomes = experiments.map(
  (experiment) => `${experiment.id}: ${[...experiment.outcomes.map(({ id }) => id), ...sweepFigures(experiment)].join(' | ')}`,
);

/** `lotka export`: a figure of a run, or the map of a sweep, to a file. */
export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write a figure of a run, or the map of a sweep, to a file')
    .argument('<run or sweep>', 'id, as lotka runs or lotka sweeps lists it')
    .argument('<figures or outcome...>', `of a run ${figures.join('; ')}; of a sweep ${outcomes.join('; ')}`)
    .addOption(new Option('--format <format>', 'file format; that of the ending of --out, else svg').choices(exportFormats))
    .addOption(
      new Option(
        '--size <size>',
        `how large: ${sizeNames.map((name) => `${name}, ${figureSizes[name].help}`).join('; ')}; higher where its words leave a plot no room`,
      )
        .choices(sizeNames)
        .default('usual'),
    )
    .option('--title <title>', "in place of the figure's own; none if empty")
    .option(
      '--rename <name=other...>',
      'what a line, rule, point or category is called instead, e.g. "k = 2=winner"; nothing behind the = leaves the name out',
      collect,
      [],
    )
    .option('--transparent', 'nothing behind the drawing')
    .addOption(new Option('--scale <scale>', 'of a PNG: pixels per px, 1 to 8').argParser(Number).default(2))
    .addOption(new Option('--letters <factor>', 'letters so many times as large, 0.5 to 3').argParser(Number).default(1))
    .addOption(new Option('--lines <factor>', 'lines so many times as wide, 0.25 to 4').argParser(Number).default(1))
    .addOption(new Option('--x-limits <from,to>', 'ends of the horizontal axis').argParser(twoNumbers))
    .addOption(new Option('--y-limits <from,to>', 'ends of the vertical axis').argParser(twoNumbers))
    .addOption(
      new Option('--fonts <mode>', 'of an SVG: text in fonts that it carries, as outlines, or in fonts that it names')
        .choices(fontModes)
        .default('embedded'),
    )
    .addOption(new Option('--theme <theme>', 'colours').choices(['light', 'dark']).default('light'))
    .addOption(new Option('--step <step>', 'of a run: step it shows; the last one unless told').argParser(wholeNumber()))
    .option('--x <name>', 'of a sweep: parameter that runs across; the first axis unless told')
    .option('--y <name>', 'of a sweep: parameter that runs up; the second axis unless told')
    .option('--at <name=value...>', 'of a sweep: values of its further axes; the first of each unless told', collect, [])
    .addOption(new Option('--seed <seed>', 'of a sweep: results of this seed only').argParser(wholeNumber()))
    .option('--overlay <map>', 'of a sweep: a published map laid over it')
    .addOption(
      new Option('--columns <count>', 'of several figures of a run, which are put on one page: how many beside each other')
        .argParser(wholeNumber(1, 6))
        .default(2),
    )
    .option('--with <runs...>', 'runs whose curves are laid over that of the first; then what is exported is a series, e.g. trainLoss')
    .option('--align <milestone>', 'with --with: count steps from this milestone of each run, e.g. test-accuracy')
    .option('--difference', 'with --with: by how much they lie above the first')
    .option('--smoothed', 'of a sweep: smooth boundaries between phases, for looking at only')
    .option('--from <file>', 'a .lotka file that the run or sweep lies in')
    .option('--out <file>', 'file to write; a name of its own in this folder unless told')
    .action(async (id: string, parts: string[], told: Omit<ExportOptions, 'format'> & { readonly format?: ExportFormat }) => {
      const options = { ...told, format: formatFor(told, exportFormats, (format) => format, 'svg') };
      await withService(
        async (client) => {
          const opened = options.from === undefined ? null : await client.call('archives.open', { path: resolve(options.from) });
          const listed = [...(opened?.sweeps ?? []), ...(await client.call('sweeps.list', {})).sweeps];
          const sweep = listed.find((record) => record.id === id);
          await write(
            sweep ? await mapOf(client, sweep, only(parts, sweep.id), options) : await figureOf(client, id, parts, options),
            options,
          );
        },
        { readOnly: true },
      );
    });
}

interface Exported {
  readonly name: string;
  readonly bytes: Uint8Array | Float64Array | Float32Array | Int32Array;
}

/** Options that pages and pictures have no use for, and what they are called here. */
const ofOneFigure = [
  ['--title', 'title'],
  ['--x-limits', 'xLimits'],
  ['--y-limits', 'yLimits'],
] as const;
const ofSweeps = ['x', 'y', 'at', 'seed', 'overlay', 'smoothed'] as const;

/** @throws LotkaError `bad-input` for more than one */
function only([outcome, ...others]: readonly string[], sweep: string): string {
  if (others.length > 0) throw new LotkaError('bad-input', `${sweep} is a sweep: export its maps one by one.`);
  return outcome!;
}

async function figureOf(client: Client<Contract>, run: string, figures: readonly string[], options: ExportOptions): Promise<Exported> {
  const given = ofSweeps.find((name) => options[name] !== undefined && !(name === 'at' && options.at.length === 0));
  if (given !== undefined) throw new LotkaError('bad-input', `--${given} is for sweeps, and ${run} is none.`);
  const [figure, ...others] = figures;
  if (options.with) return curvesOf(client, [run, ...options.with], figures, options);
  const alone = (['align', 'difference'] as const).find((name) => options[name] !== undefined);
  if (alone !== undefined) throw new LotkaError('bad-input', `--${alone} needs other runs, named by --with.`);
  const { step, columns } = options;
  const { pictures } = experimentById((await client.call('runs.get', { run })).record.experiment);
  const isPicture = others.length === 0 && pictures.some(({ id: picture }) => picture === figure);
  const ofFigure = (isPicture ? [...ofOneFigure, ['--rename', 'rename'] as const] : ofOneFigure).find(
    ([, name]) => options[name] !== undefined && options[name].length > 0,
  );
  if (ofFigure && (isPicture || others.length > 0))
    throw new LotkaError(
      'bad-input',
      `${ofFigure[0]} is for one figure, ${isPicture ? `and ${figure!} is a 3D picture` : 'not for several on a page'}.`,
    );
  if (isPicture) return client.call('export.picture', { run, picture: figure!, step, ...drawingOf(options) });
  if (others.length === 0) return client.call('export.figure', { run, figure: figure!, step, ...drawingOf(options) });
  return client.call('export.page', { panels: figures.map((one) => ({ run, figure: one, step })), columns, ...drawingOf(options) });
}

/** A series of several runs in one figure, in the colours that the Compare screen gives them. */
function curvesOf(client: Client<Contract>, runs: readonly string[], series: readonly string[], options: ExportOptions): Promise<Exported> {
  if (series.length > 1) throw new LotkaError('bad-input', 'With --with one series is exported at a time.');
  if (options.step !== undefined)
    throw new LotkaError('bad-input', '--step is for the figure of one run; with --with curves of all steps are drawn.');
  const { align = null, difference = false } = options;
  const drawn = { series: series[0]!, x: 'log' as const, y: 'auto' as const, event: align, difference };
  return client.call('export.curves', { runs: runs.map((run, slot) => ({ run, slot })), ...drawn, ...drawingOf(options) });
}

function mapOf(client: Client<Contract>, { id, definition }: SweepRecord, outcome: string, options: ExportOptions): Promise<Exported> {
  const { at, x = null, y = null, seed, overlay = null, smoothed = false } = options;
  const ofRuns = (['step', 'with', 'align', 'difference'] as const).find((name) => options[name] !== undefined);
  if (ofRuns !== undefined) throw new LotkaError('bad-input', `--${ofRuns} is for runs, and ${id} is a sweep.`);
  const { first, count } = definition.seeds;
  if (seed !== undefined && !(seed >= first && seed < first + count))
    throw new LotkaError('bad-input', `There is no seed ${seed} in this sweep; it has ${first} to ${first + count - 1}.`);
  const values = parseAssignments(experimentById(definition.experiment), at) as Record<string, never>;
  const shown = { x, y, at: values, seed: seed === undefined ? null : seed - first, overlay, smoothed };
  return client.call('export.map', { sweep: id, outcome, ...shown, ...drawingOf(options) });
}

/** How it is to be drawn. @throws LotkaError `bad-input` for a number that is out of range */
const drawingOf = ({
  format,
  theme,
  size,
  title,
  rename,
  transparent = false,
  scale,
  letters,
  lines,
  xLimits,
  yLimits,
  fonts,
}: ExportOptions) => {
  if (!(scale >= 1 && scale <= 8)) throw new LotkaError('bad-input', `--scale is ${scale}; a PNG has 1 to 8 pixels per px.`);
  if (!(letters >= 0.5 && letters <= 3)) throw new LotkaError('bad-input', `--letters is ${letters}; it goes from 0.5 to 3.`);
  if (!(lines >= 0.25 && lines <= 4)) throw new LotkaError('bad-input', `--lines is ${lines}; it goes from 0.25 to 4.`);
  const ends = { xLimits: xLimits ?? null, yLimits: yLimits ?? null };
  return { format, theme, size, title: title ?? null, names: namesOf(rename), transparent, scale, letters, lines, ...ends, fonts };
};

/** Of "k = 2=the winner" the name is "k = 2". @throws LotkaError `bad-input` without an equals sign that touches the name */
function namesOf(renamings: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    renamings.map((text) => {
      const [, name, other] = /^(.*?\S)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || other === undefined)
        throw new LotkaError('bad-input', `--rename is "${text}"; write it as "old name=new name", without a space before the =.`);
      return [name, other.trim()];
    }),
  );
}

/** @throws InvalidArgumentError unless they are two numbers with a comma between */
function twoNumbers(text: string): [number, number] {
  const numbers = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)));
  if (numbers.length !== 2 || !numbers.every(Number.isFinite))
    throw new InvalidArgumentError('two numbers with a comma between, e.g. 1,1000.');
  return [numbers[0]!, numbers[1]!];
}

/** @throws LotkaError if the file cannot be written */
async function write({ name, bytes }: Exported, { out }: ExportOptions): Promise<void> {
  const path = resolve(out ?? name);
  await writeWhole(path, bytes as Uint8Array);
  tell(`wrote ${path}`);
}
