import { writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { Option, type Command } from 'commander';
import { experimentById, experiments } from '#app/experiments/registry.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { collect, wholeNumber } from './arguments.ts';
import { tell } from './output.ts';
import { parseAssignments } from './parameters.ts';
import { withService } from './with-service.ts';

interface ExportOptions {
  readonly format: 'svg' | 'png' | 'csv';
  readonly theme: 'light' | 'dark';
  readonly step?: number;
  readonly at: readonly string[];
  readonly overlay?: string;
  readonly out?: string;
}

const figures = experiments.map(({ id, figures: all }) => `${id}: ${all.map((figure) => figure.id).join(' | ')}`);
const outcomes = experiments.map(({ id, outcomes: all }) => `${id}: ${all.map((outcome) => outcome.id).join(' | ')}`);

/** `lotka export`: a figure of a run, or the map of a sweep, to a file. */
export function addExportCommand(program: Command): void {
  program
    .command('export')
    .description('write a figure of a run, or the map of a sweep, to a file')
    .argument('<run or sweep>', 'id, as lotka runs or lotka sweeps lists it')
    .argument('<figure or outcome>', `of a run ${figures.join('; ')}; of a sweep ${outcomes.join('; ')}`)
    .addOption(new Option('--format <format>', 'file format').choices(['svg', 'png', 'csv']).default('svg'))
    .addOption(new Option('--theme <theme>', 'colours').choices(['light', 'dark']).default('light'))
    .addOption(new Option('--step <step>', 'of a run: step it shows; the last one unless told').argParser(wholeNumber()))
    .option('--at <name=value...>', 'of a sweep: values of its further axes; the first of each unless told', collect, [])
    .option('--overlay <map>', 'of a sweep: a published map laid over it')
    .option('--out <file>', 'file to write; a name of its own in this folder unless told')
    .action(async (id: string, part: string, options: ExportOptions) => {
      await withService(
        async (client) => {
          const sweeps = (await client.call('sweeps.list', {})).sweeps;
          const experiment = sweeps.find((sweep) => sweep.id === id)?.definition.experiment;
          write(
            experiment === undefined ? await figureOf(client, id, part, options) : await mapOf(client, id, experiment, part, options),
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

function figureOf(
  client: Client<Contract>,
  run: string,
  figure: string,
  { format, theme, step, at, overlay }: ExportOptions,
): Promise<Exported> {
  if (at.length > 0 || overlay !== undefined) throw new LotkaError('bad-input', `--at and --overlay are for sweeps, and ${run} is none.`);
  return client.call('export.figure', { run, figure, format, theme, step });
}

function mapOf(
  client: Client<Contract>,
  sweep: string,
  experiment: string,
  outcome: string,
  { format, theme, step, at, overlay }: ExportOptions,
): Promise<Exported> {
  if (step !== undefined) throw new LotkaError('bad-input', `--step is for runs, and ${sweep} is a sweep.`);
  const values = parseAssignments(experimentById(experiment), at) as Record<string, never>;
  return client.call('export.map', { sweep, outcome, format, theme, at: values, overlay: overlay ?? null });
}

/** @throws LotkaError if the file cannot be written */
function write({ name, bytes }: Exported, { out }: ExportOptions): void {
  const path = resolve(out ?? name);
  try {
    writeFileSync(path, bytes as Uint8Array);
  } catch (error) {
    throw unwritable(error, path);
  }
  tell(`wrote ${path}`);
}

function unwritable(cause: unknown, path: string): LotkaError {
  const why: Readonly<Record<string, string>> = {
    ENOENT: `there is no folder ${dirname(path)}`,
    ENOTDIR: `${dirname(path)} is not a folder`,
    EISDIR: 'it is a folder, and --out names a file',
    EACCES: 'you may not write there',
    EPERM: 'you may not write there',
    EROFS: 'nobody may write there',
    ENOSPC: 'the disk is full',
  };
  const code = (cause as NodeJS.ErrnoException).code ?? '';
  return new LotkaError('bad-input', `${path} cannot be written: ${why[code] ?? (cause as Error).message}.`, { cause });
}
