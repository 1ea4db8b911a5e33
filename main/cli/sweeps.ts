import type { Command } from 'commander';
import type { SweepRecord } from '#app/protocol/sweep.ts';
import { sweepHelp } from './arguments.ts';
import { print, printJson, table, tell } from './output.ts';
import { sweepSummary } from './sweep.ts';
import { withService } from './with-service.ts';
import { isUnreadable } from '#main/sweeps/sweep-store.ts';

/** `lotka sweeps`: what is in the store. Listing needs no lock, so it works beside an open workbench. */
export function addSweepsCommands(program: Command): void {
  const sweeps = program.command('sweeps').description('list and keep sweeps');

  sweeps
    .command('list', { isDefault: true })
    .description('list sweeps, newest first')
    .option('--json', 'print one JSON object')
    .action(async ({ json = false }: { json?: boolean }) => {
      const listed = await withService(async (client) => (await client.call('sweeps.list', {})).sweeps, { readOnly: true });
      if (json) printJson({ sweeps: listed.map(sweepSummary) });
      else if (listed.length === 0) tell('There are no sweeps yet; begin with: lotka sweep survival --axis weightDecay=0..2:5');
      else print(table(['sweep', 'name', 'status', 'trials', 'begun'], listed.map(row), [1]));
      if (!json) for (const record of listed.filter(isUnreadable)) tell(record.message ?? '');
    });

  sweeps
    .command('rename')
    .description('give a sweep another name; its id stays')
    .argument('<sweep>', sweepHelp)
    .argument('<name>', 'up to 200 characters')
    .action(async (sweep: string, name: string) => {
      await withService((client) => client.call('sweeps.rename', { sweep, name }));
      tell(`${sweep} is now called "${name}".`);
    });

  sweeps
    .command('delete')
    .description('move a sweep to the trash')
    .argument('<sweep>', sweepHelp)
    .action(async (sweep: string) => {
      await withService((client) => client.call('sweeps.delete', { sweep }));
      tell(`${sweep} is in the trash; bring it back with: lotka sweeps restore ${sweep}`);
    });

  sweeps
    .command('restore')
    .description('bring a sweep back from the trash')
    .argument('<sweep>', sweepHelp)
    .action(async (sweep: string) => {
      await withService((client) => client.call('sweeps.restore', { sweep }));
      tell(`${sweep} is back.`);
    });
}

const row = ({ id, definition, status, done, planned, created }: SweepRecord): string[] => [
  id,
  definition.name,
  status,
  `${done}/${planned}`,
  created.replace('T', ' ').slice(0, 16),
];
