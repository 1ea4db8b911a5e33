/**
 * What a sweep costs beside the training itself: processor time of the whole process against that of the same trainings in a
 * bare loop, which other work on the machine hardly changes. Told always, bounded with LOTKA_STRICT_TIMES=1.
 */
import { expect, it } from 'vitest';
import { noDatasets } from '#app/datasets/dataset.ts';
import { experimentById } from '#app/experiments/registry.ts';
import type { SweepDefinition } from '#app/protocol/sweep.ts';
import { MemoryRun } from '#app/runs/memory-run.ts';
import { openSession } from '#app/runs/session.ts';
import { Trainer } from '#app/runs/trainer.ts';
import { pointsOf } from '#app/sweeps/points.ts';
import { trialParameters } from '#app/sweeps/trials.ts';
import { testServices } from '#main/testing/service.ts';
import { openBackend } from '#main/workers/backends.ts';

const { open } = testServices();
const survival = experimentById('survival');

const definition = (steps: number, points: number): SweepDefinition => ({
  name: 'overhead',
  experiment: survival.id,
  preset: null,
  parameters: { modulus: 7, embeddingWidth: 6, hiddenWidths: [8], precision: 'f64', steps },
  backend: 'wasm',
  axes: [{ kind: 'range', parameter: 'weightDecay', scale: 'linear', from: 0, to: 1, count: points }],
  sampling: { kind: 'grid' },
  seeds: { parameters: ['mlpSeed'], first: 0, count: 1 },
  keep: 'outcomes',
});

/** Seconds of processor time of this process, all threads together. */
const processorSeconds = (): number => {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
};

async function bareLoop(given: SweepDefinition): Promise<void> {
  const backend = await openBackend('wasm');
  const points = pointsOf(survival, given, []);
  for (let point = 0; point < points.count; point++) {
    const parameters = trialParameters(survival, given, points.at(point), 0);
    const training = survival.build(parameters, noDatasets);
    const session = openSession(training, backend);
    const trainer = new Trainer(training, session, parameters);
    while (trainer.state === 'training') trainer.advance();
    const run = new MemoryRun({ id: 'bare', experiment: survival.id, parameters }, training);
    run.append(trainer.take());
    survival.outcomesOf(run);
    session.dispose();
  }
}

const strict = Boolean(process.env.LOTKA_STRICT_TIMES);

const sizes = strict
  ? [
      [10_000, 8],
      [2000, 25],
      [50, 300],
    ]
  : [[2000, 6]];

it.each(sizes as [number, number][])(
  'trials of %i steps, %i of them',
  async (steps, count) => {
    const { client } = await open(undefined, { size: 1 });
    const sweep = async (given: SweepDefinition): Promise<void> => {
      const { sweep: id } = await client.call('sweeps.start', { definition: given });
      for await (const { record } of client.stream('sweeps.watch', { sweep: id })) {
        if (record.status === 'running') continue;
        expect(record).toMatchObject({ status: 'finished', failed: 0 });
        return;
      }
    };
    const timed = async (action: () => Promise<void>): Promise<number> => {
      const begun = processorSeconds();
      await action();
      return processorSeconds() - begun;
    };
    // Both are compiled and warm before anything is timed.
    await bareLoop(definition(2000, 4));
    await sweep(definition(2000, 4));
    const [bare, once, thrice]: [number[], number[], number[]] = [[], [], []];
    // The least of several counts.
    for (let round = 0; round < (strict ? 6 : 1); round++) {
      bare.push(await timed(() => bareLoop(definition(steps, count))));
      once.push(await timed(() => sweep(definition(steps, count))));
      thrice.push(await timed(() => sweep(definition(steps, 3 * count))));
    }
    // What a sweep costs to begin is the same for few trials and many.
    const each = (Math.min(...thrice) - Math.min(...once)) / (2 * count);
    const alone = Math.min(...bare) / count;
    const beginning = Math.min(...once) - count * each;
    process.stdout.write(
      `trials of ${steps} steps: ${(1000 * alone).toFixed(2)} ms of processor each in a bare loop, ${(1000 * each).toFixed(2)} ms in a sweep ` +
        `(${(100 * (each / alone - 1)).toFixed(2)} % more), ${(1000 * beginning).toFixed(0)} ms to begin the sweep\n`,
    );
    if (strict && steps >= 10_000) expect(each / alone - 1).toBeLessThan(0.01);
  },
  300_000,
);
