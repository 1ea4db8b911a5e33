import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { Option, type Command } from 'commander';
import { ColumnUse, type ImportChoices } from '#app/datasets/choices.ts';
import { formatOf, requireBytes } from '#app/datasets/import.ts';
import { uploadFile } from '#app/datasets/upload.ts';
import { inputsInWords, targetInWords } from '#app/datasets/words.ts';
import type { DatasetPreview, DatasetRecord } from '#app/protocol/dataset.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { collect } from './arguments.ts';
import { print, printJson, table, tell } from './output.ts';
import { withService } from './with-service.ts';

interface ImportOptions {
  readonly name?: string;
  readonly target?: string;
  readonly task?: ImportChoices['task'];
  readonly use: string[];
  readonly arrays?: string;
  readonly delimiter?: string;
  readonly decimal?: ImportChoices['decimal'];
  readonly header?: boolean;
  readonly standardise?: boolean;
  readonly leaveOutMissing?: boolean;
  readonly look?: boolean;
  readonly json?: boolean;
}

/** `lotka datasets`: what there is to learn from. Listing needs no lock, so it works beside an open workbench. */
export function addDatasetsCommands(program: Command): void {
  const datasets = program.command('datasets').description('list, import and keep datasets');

  datasets
    .command('list', { isDefault: true })
    .description('list datasets: those that come with Lotka, then imported ones')
    .option('--json', 'print one JSON object')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { datasets: listed, unreadable } = await withService((client) => client.call('datasets.list', {}), { readOnly: true });
      if (json) printJson({ datasets: listed.map(summary) });
      else print(table(['dataset', 'name', 'rows', 'inputs', 'to learn'], listed.map(row), [1, 4]));
      for (const sentence of unreadable) tell(sentence);
    });

  datasets
    .command('import')
    .description('import a file to learn from: CSV, NPZ or Parquet; what is not told is found out')
    .argument('<file>', '.csv, .tsv, .txt, .npz or .parquet')
    .option('--target <column>', 'the column to learn, or the array of an NPZ')
    .addOption(new Option('--task <task>', 'what is learned').choices(['classification', 'regression']))
    .option('--use <column=use...>', `what becomes of a column: ${ColumnUse.options.join(', ')}`, collect, [])
    .option('--arrays <names>', 'NPZ: arrays to read, separated by commas')
    .addOption(new Option('--delimiter <character>', 'CSV: what stands between cells').choices([',', ';', 'tab', '|']))
    .addOption(new Option('--decimal <character>', 'CSV: what separates the fraction of a number').choices(['.', ',']))
    .option('--header', 'CSV: the first row names the columns')
    .option('--no-header', 'CSV: the first row is data')
    .option('--standardise', 'numbers get mean 0 and standard deviation 1; those of tables do unless told')
    .option('--no-standardise', 'numbers stay as they are')
    .option('--leave-out-missing', 'leave out rows in which something is missing')
    .option('--name <name>', "name of the dataset; the file's unless told")
    .option('--look', 'say what would be imported, and import nothing')
    .option('--json', 'print one JSON object')
    .action(importCommand);

  datasets
    .command('remove')
    .description('move an imported dataset to the trash')
    .argument('<dataset>', 'its id')
    .action(async (dataset: string) => {
      await withService((client) => client.call('datasets.remove', { dataset }));
      tell(`${dataset} is in the trash; bring it back with: lotka datasets restore ${dataset}`);
    });

  datasets
    .command('restore')
    .description('bring a dataset back from the trash')
    .argument('<dataset>', 'its id')
    .action(async (dataset: string) => {
      await withService((client) => client.call('datasets.restore', { dataset }));
      tell(`${dataset} is back.`);
    });
}

async function importCommand(path: string, options: ImportOptions): Promise<void> {
  const choices = choicesOf(options);
  const file = basename(path);
  const bytes = readBytes(path, file);
  await withService(
    async (client) => {
      const upload = await uploadFile(client, { name: file, size: bytes.length, piece: (from, to) => bytes.slice(from, to) });
      if (options.look) {
        const preview = await client.call('datasets.preview', { upload, choices });
        if (options.json) printJson(preview);
        else describe(preview);
        return;
      }
      const { dataset } = await client.call('datasets.import', { upload, choices });
      if (options.json) printJson(summary(dataset));
      else
        print(
          `${dataset.id}: ${dataset.rows} rows, ${inputsInWords(dataset.features)}; ${targetInWords(dataset.target)}. ` +
            `Train on it with: lotka run omnigrok --set task=dataset --set dataset=${dataset.id}`,
        );
    },
    { readOnly: options.look },
  );
}

/** @throws LotkaError `bad-input` before anything large is read */
function readBytes(path: string, file: string): Uint8Array {
  formatOf(file);
  try {
    const status = statSync(path);
    if (!status.isFile()) throw new LotkaError('bad-input', `${path} is no file.`);
    requireBytes(file, status.size);
    return readFileSync(path);
  } catch (cause) {
    if (cause instanceof LotkaError) throw cause;
    const missing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    throw new LotkaError('bad-input', missing ? `There is no file ${path}.` : `The file ${path} cannot be read.`, { cause });
  }
}

function choicesOf(options: ImportOptions): ImportChoices {
  const uses = options.use.map((assignment) => {
    const at = assignment.lastIndexOf('=');
    const use = ColumnUse.safeParse(assignment.slice(at + 1));
    if (at < 1 || !use.success)
      throw new LotkaError(
        'bad-input',
        `"${assignment}" is no use of a column: write <column>=${ColumnUse.options.join(' or <column>=')}.`,
      );
    return [assignment.slice(0, at), use.data] as const;
  });
  return {
    name: options.name,
    target: options.target,
    task: options.task,
    columns: Object.fromEntries(uses),
    arrays: options.arrays?.split(',').map((name) => name.trim()),
    delimiter: (options.delimiter === 'tab' ? '\t' : options.delimiter) as ImportChoices['delimiter'],
    decimal: options.decimal,
    header: options.header,
    standardise: options.standardise,
    missing: options.leaveOutMissing ? 'leave out' : 'refuse',
  };
}

function describe({ rows, features, target, task, columns, columnCount, trouble }: DatasetPreview): void {
  print(
    table(
      ['column', 'use', 'numbers', 'texts', 'missing', 'why'],
      columns.map(({ name, use, why, ...counts }) => [name, use, ...[counts.numbers, counts.texts, counts.missing].map(String), why ?? '']),
      [0, 5],
    ),
  );
  if (columns.length < columnCount) tell(`and ${columnCount - columns.length} more columns`);
  tell(`${rows} rows, ${inputsInWords(features)}; "${target}" is learned by ${task}.`);
  if (trouble) tell(`It cannot be imported yet. ${trouble.sentence}`);
}

const summary = ({ id, name, source, rows, features, target, hash, created, transformation }: DatasetRecord) => ({
  dataset: id,
  name,
  source,
  rows,
  features,
  target,
  hash,
  created,
  transformation,
});

const row = ({ id, name, rows, features, target }: DatasetRecord): string[] => [
  id,
  name,
  String(rows),
  String(features),
  targetInWords(target),
];
