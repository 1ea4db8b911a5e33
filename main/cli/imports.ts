import { Option, type Command } from 'commander';
import { shapeInWords } from '#app/arrays/words.ts';
import { ImportMapping, roleLabels, Role } from '#app/imports/mapping.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { ImportInspection } from '#app/protocol/imports.ts';
import { collect, wholeNumber } from './arguments.ts';
import { print, printJson, table, tell } from './output.ts';
import { openProgress } from './progress.ts';
import { onInterrupt, withService } from './with-service.ts';

interface ImportOptions {
  readonly embedding?: string;
  readonly loss?: string;
  readonly testLoss?: string;
  readonly steps?: string;
  readonly as: string[];
  readonly modulus?: number;
  readonly every?: number;
  readonly transposed?: boolean;
  readonly name?: string;
  readonly inspect?: boolean;
  readonly json?: boolean;
}

/** `lotka import`: a training of somebody else becomes a run that is watched like any other. */
export function addImportCommand(program: Command): void {
  program
    .command('import')
    .description('import a network trained elsewhere: its embedding and losses, step by step')
    .argument('<files...>', '.npz, .npy, .safetensors or .csv; a file for every step is fine')
    .option('--embedding <array>', 'the array that is the embedding; guessed unless told')
    .option('--loss <array>', 'the training loss')
    .option('--test-loss <array>', 'the test loss')
    .option('--steps <array>', 'the steps of the snapshots')
    .option('--as <array=role...>', `what an array is: ${Role.options.join(', ')}`, collect, [])
    .addOption(new Option('--modulus <count>', 'tokens that count round the circle; all unless told').argParser(wholeNumber(1)))
    .addOption(new Option('--every <count>', 'keep every so-many-th step').argParser(wholeNumber(1, 1_000_000)))
    .option('--transposed', 'the embedding has a column for every token')
    .option('--name <name>', "name of the run; the first file's unless told")
    .option('--inspect', 'say what was found and what would be imported, and import nothing')
    .option('--json', 'print one JSON object')
    .action(importCommand);
}

async function importCommand(paths: string[], options: ImportOptions): Promise<void> {
  const mapping = mappingOf(options);
  await withService(
    async (client) => {
      const files: string[] = [];
      for (const path of paths) files.push((await client.call('imports.open', { path })).file);
      const inspection = await client.call('imports.inspect', { files, mapping });
      if (options.inspect) {
        if (options.json) printJson(inspection);
        else describe(inspection);
        return;
      }
      if (inspection.trouble !== null) throw new LotkaError('bad-input', inspection.trouble);
      if (!options.json) {
        tell(inspection.sentence ?? '');
        for (const note of inspection.notes) tell(note);
      }
      const { run, message } = await imported(client, files, mapping, options.json ?? false);
      if (message !== null) tell(message);
      if (options.json) printJson({ run, sentence: inspection.sentence, notes: inspection.notes, message });
      else print(`${run}: open it in the workbench, or export a figure with: lotka export ${run} signals`);
    },
    { readOnly: options.inspect },
  );
}

async function imported(
  client: Client<Contract>,
  files: readonly string[],
  mapping: ImportMapping,
  quiet: boolean,
): Promise<{ run: string; message: string | null }> {
  const leaving = new AbortController();
  const release = onInterrupt(() => leaving.abort());
  const bar = quiet ? null : openProgress();
  try {
    for await (const { fraction, secondsLeft, run, message } of client.stream(
      'imports.start',
      { files: [...files], mapping },
      { signal: leaving.signal },
    )) {
      bar?.show(fraction, 'reading', secondsLeft);
      if (run !== null) return { run, message };
    }
    throw new LotkaError('cancelled', 'The import was cancelled; nothing was imported.');
  } finally {
    bar?.end();
    release();
  }
}

function mappingOf(options: ImportOptions): ImportMapping {
  const roles: Record<string, Role> = {};
  const give = (key: string | undefined, role: Role): void => {
    if (key !== undefined) roles[key] = role;
  };
  for (const assignment of options.as) {
    const at = assignment.lastIndexOf('=');
    const role = Role.safeParse(assignment.slice(at + 1));
    if (at < 1 || !role.success)
      throw new LotkaError('bad-input', `"${assignment}" says not what an array is: write <array>=${Role.options.join(' or <array>=')}.`);
    give(assignment.slice(0, at), role.data);
  }
  give(options.embedding, 'embedding');
  give(options.loss, 'trainLoss');
  give(options.testLoss, 'testLoss');
  give(options.steps, 'steps');
  const mapping = ImportMapping.safeParse({
    roles,
    ...(options.modulus === undefined ? {} : { modulus: options.modulus }),
    ...(options.every === undefined ? {} : { every: options.every }),
    ...(options.transposed ? { transposed: true } : {}),
    ...(options.name === undefined ? {} : { name: options.name }),
  });
  if (!mapping.success)
    throw new LotkaError('bad-input', `--${mapping.error.issues[0]!.path.join('.')} cannot be used: ${mapping.error.issues[0]!.message}.`);
  return mapping.data;
}

function describe({ arrays, sentence, trouble, notes }: ImportInspection): void {
  print(
    table(
      ['array', 'shape', 'type', 'taken for', 'why'],
      arrays.map(({ key, shape, dtype, role, why, trouble: wrong }) => [key, shapeInWords(shape), dtype, roleLabels[role], wrong ?? why]),
      [0, 4],
    ),
  );
  for (const note of notes) tell(note);
  tell(sentence ?? `It cannot be imported yet. ${trouble ?? ''}`);
}
