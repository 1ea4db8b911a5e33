import { Option, type Command } from 'commander';
import { trashLine } from '#app/experiments/cost.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { storeLocation } from '#main/store/location.ts';
import { isUnreadable, Store } from '#main/store/store.ts';
import { runHelp, wholeNumber } from './arguments.ts';
import { print, printJson, table, tell } from './output.ts';
import { withService } from './with-service.ts';

/** `lotka runs`: what is in the store. Listing needs no lock, so it works beside an open workbench. */
export function addRunsCommands(program: Command): void {
  const runs = program.command('runs').description('list, search and keep runs');

  runs
    .command('list', { isDefault: true })
    .description('list runs, newest first')
    .argument('[words...]', 'only runs whose name, id, status or parameters (weightDecay=0.5) contain all these words')
    .option('--experiment <id>', 'only runs of this experiment')
    .addOption(new Option('--limit <count>', 'at most so many').argParser(wholeNumber(1, 10_000)).default(50))
    .option('--json', 'print one JSON object')
    .action((words: string[], options: ListOptions) => list(words, options));

  runs
    .command('rename')
    .description('give a run another name; its id stays')
    .argument('<run>', runHelp)
    .argument('<name>', 'up to 200 characters')
    .action(async (run: string, name: string) => {
      await withService((client) => client.call('runs.rename', { run, name }));
      tell(`${run} is now called "${name}".`);
    });

  runs
    .command('delete')
    .description('move a run to the trash')
    .argument('<run>', runHelp)
    .action(async (run: string) => {
      await withService((client) => client.call('runs.delete', { run }));
      tell(`${run} is in the trash; bring it back with: lotka runs restore ${run}`);
    });

  runs
    .command('restore')
    .description('bring a run back from the trash')
    .argument('<run>', runHelp)
    .action(async (run: string) => {
      await withService((client) => client.call('runs.restore', { run }));
      tell(`${run} is back.`);
    });

  runs
    .command('empty-trash')
    .description('delete for good the runs and sweeps that are in the trash')
    .option('--yes', 'do it; without this only what is there is told')
    .action((options: TrashOptions) => emptyTrash(options));
}

interface TrashOptions {
  readonly yes?: boolean;
}

/** Says what would be lost, and deletes it only when told to. */
async function emptyTrash({ yes = false }: TrashOptions): Promise<void> {
  await withService(async (client) => {
    const trash = await client.call('runs.trash', {});
    const what = trashLine(trash);
    if (trash.runs + trash.sweeps + trash.datasets === 0) tell('The trash is empty.');
    else if (!yes) tell(`The trash holds ${what}. To delete it for good: lotka runs empty-trash --yes`);
    else {
      await client.call('runs.emptyTrash', {});
      tell(`Deleted for good: ${what}.`);
    }
  });
}

interface ListOptions {
  readonly experiment?: string;
  readonly limit: number;
  readonly json?: boolean;
}

function list(words: readonly string[], options: ListOptions): void {
  const store = Store.open(storeLocation(), { readOnly: true });
  try {
    const { experiment, limit } = options;
    const { runs, total } = store.list({ search: words.join(' '), experiment, limit });
    if (options.json) {
      printJson({ runs, total });
      return;
    }
    if (runs.length === 0) {
      tell(
        words.length > 0 || experiment !== undefined
          ? `No run of ${store.root} matches.`
          : `There are no runs in ${store.root} yet; begin with: lotka run survival --preset fast`,
      );
      return;
    }
    print(table(['run', 'name', 'status', 'step', 'begun'], runs.map(row), [1]));
    for (const record of runs.filter(isUnreadable)) tell(record.message ?? '');
    if (total > runs.length) tell(`${total - runs.length} more; see them with --limit ${total}.`);
  } finally {
    store.close();
  }
}

const row = (record: RunRecord): string[] => [
  record.id,
  record.name,
  record.status,
  `${record.step}/${record.steps}`,
  record.provenance.created.replace('T', ' ').slice(0, 16),
];
