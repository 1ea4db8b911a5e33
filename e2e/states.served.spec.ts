/** Pictures of every state, for people to look at, in both themes and two sizes: test-results/states. The window shows the same page. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { Atlas } from './pages/atlas.ts';
import { RunScreen } from './pages/run.ts';
import { RunsScreen } from './pages/runs.ts';
import { photograph } from './photograph.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(300_000);

test('every state, photographed and free of serious accessibility violations', async ({ workbench }, info) => {
  const folder = join(root, 'test-results', 'states', info.project.name);
  await mkdir(folder, { recursive: true });
  const show = (state: string): Promise<void> => photograph(workbench, folder, state);
  const { page } = workbench;
  const atlas = new Atlas(page);
  const screen = new RunScreen(page);
  const runs = new RunsScreen(page);

  await show('atlas-empty');
  await runs.open();
  await show('runs-empty');
  await page.getByRole('button', { name: 'Settings' }).click();
  await show('settings');
  await page.getByRole('link', { name: 'the latest benchmark' }).click();
  await expect(page.getByRole('heading', { name: 'Benchmark', exact: true })).toBeVisible();
  await show('benchmark');

  await atlas.open();
  await atlas.choose('Fast');
  await show('run-empty');
  await screen.parameter('Learning rate').fill('-1');
  await show('run-bad-parameter');
  await atlas.open();
  await atlas.choose('Fast');

  // Long enough to be photographed while it runs.
  await screen.parameter('Steps').fill('20000');
  await screen.button('Train').click();
  await expect.poll(() => screen.latestStep()).toBeGreaterThan(200);
  await show('run-running');
  await screen.button('Pause').click();
  await expect(screen.status('paused')).toBeVisible();
  await show('run-paused');
  await screen.slider.focus();
  await screen.slider.press('Home');
  await show('run-scrubbed');
  await screen.button('Stop').click();
  await expect(screen.status('stopped')).toBeVisible();
  await show('run-stopped');

  await atlas.open();
  await atlas.choose('Fast');
  await screen.button('Train').click();
  await expect(screen.status('finished')).toBeVisible({ timeout: 90_000 });
  await show('run-finished');
  await page.getByRole('group', { name: 'Picture' }).getByRole('button', { name: 'PCA' }).click();
  await show('run-pca');
  await page.keyboard.press('Control+e');
  await expect(page.getByRole('dialog')).toBeVisible();
  await show('run-export');
  await page.keyboard.press('Escape');

  await atlas.open();
  await atlas.choose('Fast');
  await screen.parameter('Learning rate').fill('10');
  await screen.parameter('Weight decay').fill('10');
  await screen.button('Train').click();
  await expect(screen.status('diverged')).toBeVisible();
  await show('run-diverged');

  await atlas.open();
  await atlas.choose('Fast');
  await screen.parameter('Steps').fill('20000');
  await screen.button('Train').click();
  await expect.poll(() => screen.latestStep()).toBeGreaterThan(200);
  await workbench.killService();
  await runs.open();
  await expect(runs.row()).toContainText('interrupted');
  await runs.openRun();
  await expect(screen.status('interrupted')).toBeVisible();
  await show('run-interrupted');
  await runs.open();
  await show('runs');
  await atlas.open();
  await show('atlas');
  expect(workbench.complaints).toEqual([]);
});
