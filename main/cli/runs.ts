import type { Command } from 'commander';
import type { RunRecord } from '#app/protocol/contract.ts';
import { storeLocation } from '#main/store/location.ts';
import { Store } from '#main/store/store.ts';
import { followRun } from './follow.ts';
import { print, printJson, table, tell } from './output.ts';
import { withService } from './with-service.ts';

/** `lotka runs`: what is in the store. Listing needs no lock, so it works beside an open workbench. */
export function addRunsCommands(program: Command): void {
  const runs = program.command('runs').description('list, search and keep runs');

  runs
    .command('list', { isDefault: true })
    .description('newest first')
    .argument('[words...]', 'only runs whose name, id, status or parameters (weightDecay=0.5) contain all these words')
    .option('--experiment <id>')
    .option('--limit <count>', 'at most so many', '50')
    .option('--json', 'print one JSON object')
    .action((words: string[], options: { experiment?: string; limit: string; json?: boolean }) => list(words, options));

  runs
    .command('search')
    .description('the same as list with words')
    .argument('<words...>')
    .option('--json', 'print one JSON object')
    .action((words: string[], options: { json?: boolean }) => list(words, { ...options, limit: '1000' }));

  runs
    .command('rename')
    .argument('<run>')
    .argument('<name>')
    .action(async (run: string, name: string) => {
      await withService((client) => client.call('runs.rename', { run, name }));
      tell(`${run} is now called "${name}".`);
    });

  runs
    .command('delete')
    .description('move a run to the trash')
    .argument('<run>')
    .action(async (run: string) => {
      await withService((client) => client.call('runs.delete', { run }));
      tell(`${run} is in the trash; bring it back with: lotka runs restore ${run}`);
    });

  runs
    .command('restore')
    .description('bring a run back from the trash')
    .argument('<run>')
    .action(async (run: string) => {
      await withService((client) => client.call('runs.restore', { run }));
      tell(`${run} is back.`);
    });

  runs
    .command('resume')
    .description('the same as lotka resume')
    .argument('<run>')
    .action(async (run: string) => {
      process.exitCode = await withService(async (client) => {
        await client.call('runs.resume', { run });
        return followRun(client, run, false);
      });
    });
}

function list(words: readonly string[], options: { experiment?: string; limit: string; json?: boolean }): void {
  const store = Store.open(storeLocation(), { readOnly: true });
  try {
    const { runs, total } = store.list({
      search: words.join(' '),
      experiment: options.experiment,
      limit: Math.max(1, Number.parseInt(options.limit, 10) || 50),
    });
    if (options.json) {
      printJson({ runs, total });
      return;
    }
    if (runs.length === 0) {
      tell(
        words.length > 0
          ? `No run of ${store.root} matches.`
          : `There are no runs in ${store.root} yet; begin with: lotka run survival --preset fast`,
      );
      return;
    }
    print(table(['run', 'name', 'status', 'step', 'begun'], runs.map(row), [1]));
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
