import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { archiveExtension } from '#app/archives/layout.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { experiments } from '#app/experiments/registry.ts';
import { landscapeDefinition } from '#app/landscape/definition.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SweepDefinition } from '#app/protocol/sweep.ts';
import { readyDefinition } from '#app/sweeps/ready.ts';
import type { Tour } from '#app/tours/tour.ts';
import { tell } from './output.ts';
import { withService } from './with-service.ts';
import { writePieces } from './writing.ts';

/** `lotka demonstrations`: trains the runs of every tour and writes them into files, which Lotka brings along. */
export function addDemonstrationsCommand(program: Command): void {
  program
    .command('demonstrations', { hidden: true })
    .description('train the runs of the guided tours and write them into a folder')
    .argument('<folder>', 'folder for the files, one for each experiment')
    .action(async (folder: string) => {
      mkdirSync(folder, { recursive: true });
      const store = mkdtempSync(join(tmpdir(), 'lotka-demonstrations-'));
      try {
        await withService(
          async (client) => {
            for (const experiment of experiments)
              if (experiment.tour) await make(client, experiment, experiment.tour, join(folder, `${experiment.id}${archiveExtension}`));
          },
          { store },
        );
      } finally {
        rmSync(store, { recursive: true, force: true });
      }
    });
}

async function make(client: Client<Contract>, experiment: Experiment, tour: Tour, path: string): Promise<void> {
  const runs: string[] = [];
  for (const { preset, name } of tour.runs) {
    const { run } = await client.call('runs.start', { experiment: experiment.id, preset, parameters: {}, name, backend: 'wasm' });
    for await (const { record } of client.stream('runs.watch', { run })) {
      if (record.status === 'finished') break;
      if (record.status === 'failed' || record.status === 'diverged')
        throw new LotkaError('internal', `${name} of ${experiment.id} ended as ${record.status}: ${record.message ?? ''}`);
    }
    runs.push(run);
  }
  const definition = sweepOf(experiment, tour);
  const sweeps: string[] = [];
  if (definition) {
    const { sweep } = await client.call('sweeps.start', { definition });
    for await (const { record } of client.stream('sweeps.watch', { sweep })) if (record.status === 'finished') break;
    sweeps.push(sweep);
  }
  const stream = client.stream('archives.pack', { runs, sweeps, title: experiment.title, lean: true });
  await writePieces(
    path,
    (async function* () {
      for await (const { bytes } of stream) yield bytes as Uint8Array;
    })(),
  );
  tell(`wrote ${path}`);
}

function sweepOf(experiment: Experiment, { runs, sweep }: Tour): SweepDefinition | null {
  if (sweep === null) return null;
  if ('landscapeOf' in sweep) {
    const run = runs[sweep.landscapeOf]!;
    return { ...landscapeDefinition(experiment, parseParameters(experiment, run.preset, {})), name: `Landscape: ${run.name}` };
  }
  const { name, preset, parameters, axes } = sweep;
  return readyDefinition(experiment, { id: 'tour', label: name, source: '', preset, parameters, axes, seeds: 1 }, 'wasm');
}
