import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../setup/root.mjs';
import { lastSignals, survivorsIn } from './csv.ts';
import { Atlas } from './pages/atlas.ts';
import { RunScreen } from './pages/run.ts';
import { RunsScreen } from './pages/runs.ts';
import { expect, test, type Workbench } from './workbench.ts';

const trainingTimeout = 90_000;
/** More than the preset's: a run must not be over before a hand on a slow machine reaches the button. */
const steps = 6000;

async function train(workbench: Workbench): Promise<RunScreen> {
  await new Atlas(workbench.page).open();
  await new Atlas(workbench.page).choose('Fast');
  const screen = new RunScreen(workbench.page);
  await screen.parameter('Steps').fill(String(steps));
  await screen.button('Train').click();
  return screen;
}

test('train, pause, scrub, resume, finish, export, restart', async ({ workbench }, info) => {
  let screen = await train(workbench);
  const started = Date.now();
  await expect.poll(() => screen.latestStep(), { intervals: [20] }).toBeGreaterThan(0);
  await expect(screen.scene).toBeVisible();
  info.annotations.push({ type: 'Train to first points (ms)', description: String(Date.now() - started) });

  // The picture follows the training, not only the numbers.
  const seen = await screen.shownStep();
  await expect.poll(() => screen.shownStep(), { intervals: [20] }).toBeGreaterThan(seen);
  await screen.button('Pause').click();
  await expect(screen.status('paused')).toBeVisible();
  const paused = await screen.latestStep();
  await expect(screen.slider).toHaveAttribute('aria-valuenow', String(paused));
  const atPause = await screen.picture();

  await screen.slider.focus();
  await screen.slider.press('Home');
  await expect(screen.slider).toHaveAttribute('aria-valuenow', '0');
  await expect.poll(async () => (await screen.picture()).equals(atPause)).toBe(false);
  await screen.slider.press('ArrowRight');
  expect(await screen.shownStep()).toBeGreaterThan(0);
  await screen.slider.press('End');
  await expect(screen.slider).toHaveAttribute('aria-valuenow', String(paused));

  await screen.button('Step').click();
  await expect.poll(() => screen.latestStep()).toBe(paused + 1);

  await screen.button('Resume').click();
  await expect(screen.status('finished')).toBeVisible({ timeout: trainingTimeout });
  expect(await screen.latestStep()).toBe(steps);

  const { name, bytes } = await workbench.download(() => screen.exportFigure('Signals', 'Data as CSV'));
  expect(name).toMatch(/\.csv$/);
  const survivors = survivorsIn(lastSignals(bytes.toString('utf8')));
  expect(survivors.length).toBeGreaterThan(1);
  await expect(workbench.page.getByRole('heading', { name: `${survivors.length} of 15 circles alive` })).toBeVisible();
  const runs = new RunsScreen(workbench.page);
  await runs.open();
  expect(await runs.survivors()).toEqual(survivors);
  expect(workbench.complaints).toEqual([]);

  await workbench.restart();
  const again = new RunsScreen(workbench.page);
  await again.open();
  expect(await again.survivors()).toEqual(survivors);
  await again.openRun();
  screen = new RunScreen(workbench.page);
  await expect(screen.status('finished')).toBeVisible();
  await expect(workbench.page.getByRole('heading', { name: `${survivors.length} of 15 circles alive` })).toBeVisible();
  await expect(screen.slider).toHaveAttribute('aria-valuemax', String(steps));
  expect(workbench.complaints).toEqual([]);
});

test('a killed service costs nothing: the run goes on to the same bits, which are those of the command line', async ({ workbench }) => {
  const killed = await train(workbench);
  await expect.poll(() => killed.latestStep(), { intervals: [20], timeout: trainingTimeout }).toBeGreaterThan(300);
  await workbench.killService();

  const runs = new RunsScreen(workbench.page);
  await runs.open();
  await expect(runs.row()).toContainText('interrupted');
  await runs.openRun();
  const screen = new RunScreen(workbench.page);
  await expect(screen.status('interrupted')).toBeVisible();
  await screen.button('Resume').click();
  await expect(screen.status('finished')).toBeVisible({ timeout: trainingTimeout });

  const whole = await train(workbench);
  await expect(whole.status('finished')).toBeVisible({ timeout: trainingTimeout });

  const elsewhere = await mkdtemp(join(tmpdir(), 'lotka-bits-'));
  await promisify(execFile)(
    'node',
    [join(root, 'dist', 'main', 'cli.js'), 'run', 'survival', '--preset', 'fast', '--set', `steps=${steps}`],
    {
      env: { ...process.env, LOTKA_STORE: elsewhere },
    },
  );
  const [one, other, ...more] = [...(await recordings(workbench.store)), ...(await recordings(elsewhere))];
  await rm(elsewhere, { recursive: true });
  expect(Object.keys(one ?? {}).length).toBeGreaterThan(5);
  expect(other).toEqual(one);
  expect(more).toEqual([one]);
});

/** The recordings of all runs of a store. */
async function recordings(store: string): Promise<Record<string, string>[]> {
  const folder = join(store, 'runs');
  return Promise.all((await readdir(folder)).map((run) => digests(join(folder, run))));
}

/** What a run recorded, file by file. Checkpoints are taken by the clock, so only the last one is common to both runs. */
async function digests(run: string): Promise<Record<string, string>> {
  const names = [`checkpoints/${steps}.npz`];
  for (const part of ['series', 'frames']) names.push(...(await readdir(join(run, part))).map((name) => `${part}/${name}`));
  const entries = names.sort().map(
    async (name) =>
      [
        name,
        createHash('sha256')
          .update(await readFile(join(run, name)))
          .digest('hex'),
      ] as const,
  );
  return Object.fromEntries(await Promise.all(entries));
}
