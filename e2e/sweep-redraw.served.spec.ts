/** How long a map takes to be painted whole, at 400 and at 10,000 cells. It is told, and fails at no time: machines differ. */
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { SweepRecord, TrialResult } from '#app/protocol/sweep.ts';
import { SweepScreen } from './pages/sweeps.ts';
import { expect, test } from './workbench.ts';

const phases = ['comprehension', 'grokking', 'memorization', 'confusion'];
const repaints = 12;
/** Patience with a machine that does other things, in ms. */
const patience = { timeout: 60_000 };

test.setTimeout(300_000);

/** Puts a finished sweep of `side` x `side` points into a store, four phases in bands. */
async function plant(store: string, id: string, side: number): Promise<void> {
  const rate = (parameter: string) => ({ kind: 'range' as const, parameter, scale: 'log' as const, from: 1e-5, to: 1e-2, count: side });
  const cells = side * side;
  const record: SweepRecord = {
    format: 1,
    id,
    definition: {
      name: `${cells} cells`,
      experiment: 'effective-theory',
      preset: 'paper',
      parameters: {},
      backend: 'wasm',
      axes: [rate('embeddingRate'), rate('decoderRate')],
      sampling: { kind: 'grid' },
      seeds: { parameters: ['embeddingSeed'], first: 0, count: 1 },
      keep: 'outcomes',
    },
    added: [],
    place: { kind: 'local' },
    status: 'finished',
    message: null,
    planned: cells,
    done: cells,
    diverged: 0,
    failed: 0,
    trainingSeconds: cells,
    created: '2026-01-01T00:00:00.000Z',
    lotka: '0.0.0',
    engine: 'planted',
  };
  const lines = Array.from({ length: cells }, (_, point) => {
    const [x, y] = [(point % side) / side, Math.floor(point / side) / side];
    const phase = phases[Math.floor(2 * x) + 2 * Math.floor(y + 0.2 * Math.sin(6 * x) + 0.5)] ?? 'confusion';
    const outcomes = { phase, rqi: (x + y) / 2 };
    return { point, seed: 0, state: 'finished', outcomes, step: 1, message: null, seconds: 1, worker: 'core 1', attempt: 1, run: null };
  }) satisfies TrialResult[];
  const folder = join(store, 'sweeps', id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'sweep.json'), JSON.stringify(record));
  await writeFile(join(folder, 'results.jsonl'), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}

test('the time that a map takes to be painted is told', async ({ workbench, store }, info) => {
  await workbench.close();
  const sizes = [20, 100];
  for (const side of sizes) await plant(store, `sweep-redraw-${side}`, side);
  await workbench.open();
  const { page } = workbench;
  const screen = new SweepScreen(page);
  for (const side of sizes) {
    const cells = side * side;
    await page.evaluate((id) => (location.hash = `#/sweep/${id}`), `sweep-redraw-${side}`);
    await expect(screen.status('finished')).toBeVisible(patience);
    await expect.poll(() => screen.done(), patience).toBe(cells);
    const times: number[] = [];
    for (let i = 0; i < repaints; i += 1) {
      // What is painted last must be of this theme: a theme may be painted twice, and two changes in a row not at all.
      const theme = i % 2 === 0 ? 'dark' : 'light';
      await page.emulateMedia({ colorScheme: theme });
      await expect.poll(async () => (await painted()).detail, patience).toEqual({ cells, theme });
      times.push((await painted()).duration);
    }
    times.sort((a, b) => a - b);
    const told = `${cells} cells: median ${times[repaints / 2]!.toFixed(1)} ms, ${times[0]!.toFixed(1)} to ${times.at(-1)!.toFixed(1)} ms`;
    info.annotations.push({ type: 'painted', description: told });
    console.log(`${info.project.name}, ${told}`);
    expect(times.every((time) => time > 0)).toBe(true);
  }
  expect(workbench.complaints).toEqual([]);

  function painted(): Promise<{ detail: unknown; duration: number }> {
    return page.evaluate(() => {
      const [last] = performance.getEntriesByName('map') as PerformanceMeasure[];
      return { detail: last?.detail as unknown, duration: last?.duration ?? 0 };
    });
  }
});
