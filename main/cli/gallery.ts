import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { Experiment } from '#app/experiments/experiment.ts';
import { experiments } from '#app/experiments/registry.ts';
import { sweepFigures } from '#app/landscape/figures/of-sweep.ts';
import type { Archive } from '#app/protocol/archive-calls.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { Client } from '#app/protocol/define.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { tell } from './output.ts';
import { withService } from './with-service.ts';

/** `lotka gallery`: every figure of every experiment, of the finished runs that come with Lotka, and a page that shows them. */
export function addGalleryCommand(program: Command): void {
  program
    .command('gallery', { hidden: true })
    .description('draw every figure of the finished runs that come along into a folder, with a page that shows them')
    .argument('<folder>', 'folder for the drawings; the page lies beside it as <folder>.md')
    .action(async (folder: string) => {
      mkdirSync(folder, { recursive: true });
      await withService(
        async (client) => {
          const parts: string[] = [];
          for (const experiment of experiments) if (experiment.tour) parts.push(await drawAll(client, experiment, folder));
          writeFileSync(`${folder}.md`, `${[heading, ...parts].join('\n\n')}\n`);
        },
        { readOnly: true },
      );
    });
}

const heading = `# Every figure

Drawn by \`lotka gallery docs/figures\` from the finished runs that come with Lotka; a test draws them again and compares. Each file says
which run it shows: dropped on the window, it opens that run.`;

interface Shown {
  readonly id: string;
  readonly title: string;
  readonly words: string;
  readonly draw: () => Promise<{ readonly bytes: ArrayBufferView }>;
}

async function drawAll(client: Client<Contract>, experiment: Experiment, folder: string): Promise<string> {
  const archive = await client.call('archives.demonstration', { experiment: experiment.id });
  const lines: string[] = [`## ${experiment.title}`];
  for (const { id, title, words, draw } of shownOf(client, experiment, archive)) {
    const file = `${experiment.id}-${id.replaceAll('/', '-')}.svg`;
    try {
      const { bytes } = await draw();
      writeFileSync(join(folder, file), bytes as Uint8Array);
      lines.push(`### ${title}`, words, `![${title}](figures/${file})`);
      tell(`drew ${file}`);
    } catch (error) {
      // A figure that these runs cannot show says why.
      if (!(error instanceof LotkaError)) throw error;
      lines.push(`### ${title}`, words, `_${error.message}_`);
    }
  }
  return lines.join('\n\n');
}

function shownOf(client: Client<Contract>, experiment: Experiment, { runs, sweeps }: Archive): Shown[] {
  const drawing = { format: 'svg', fonts: 'named' } as const;
  const plain = (text: string): string => text.replaceAll('$', '');
  const figures = experiment.figures.map(({ id, title, explanation, source }) => ({
    id,
    title: plain(title),
    words: `${plain(explanation)} (${source}; run “${runs[0]!.name}”)`,
    draw: () => client.call('export.figure', { run: runs[0]!.id, figure: id, ...drawing }),
  }));
  const pictures = experiment.pictures.map(({ id, label, explanation }) => ({
    id: `picture-${id}`,
    title: plain(label),
    words: `${plain(explanation)} (Run “${runs[0]!.name}”)`,
    draw: () => client.call('export.picture', { run: runs[0]!.id, picture: id, ...drawing }),
  }));
  const maps = sweeps.flatMap(({ id: sweep, definition }) =>
    [...experiment.outcomes.map(({ id, label }) => ({ id, label })), ...sweepFigures(experiment).map((id) => ({ id, label: id }))].map(
      ({ id, label }) => ({
        id: `sweep-${id}`,
        title: label,
        words: `Of the sweep “${definition.name}”.`,
        draw: () => client.call('export.map', { sweep, outcome: id, ...drawing }),
      }),
    ),
  );
  return [...pictures, ...figures, ...maps];
}
