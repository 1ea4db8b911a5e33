/** A landscape from an empty stage to a fork that no longer groks, with pictures for people to look at: test-results/states. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { Atlas } from './pages/atlas.ts';
import { LandscapeStage } from './pages/landscape.ts';
import { RunScreen } from './pages/run.ts';
import { photograph } from './photograph.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(300_000);

test('a run groks over its landscape; held at the bottom of the U it does not', async ({ workbench }, info) => {
  const folder = join(root, 'test-results', 'states', info.project.name);
  await mkdir(folder, { recursive: true });
  const show = (state: string): Promise<void> => photograph(workbench, folder, state);
  const { page } = workbench;
  const run = new RunScreen(page);
  const landscape = new LandscapeStage(page);
  const phase = (name: string) => run.rail.getByText(name, { exact: true });

  await new Atlas(page).choose('Teacher and student', 'omnigrok');
  await expect(landscape.stage).toContainText('The landscape of these parameters is not computed yet');
  await run.parameter('Weight decay').fill('1');
  await run.parameter('Steps').fill('4000');
  await run.button('Train').click();
  await expect(run.status('finished')).toBeVisible({ timeout: 60_000 });
  await expect(phase('Grokking')).toBeVisible();

  // The cost stands there before anything is trained.
  await expect(landscape.stage).toContainText(/27 trials of 2,000 steps, about \d/, { timeout: 30_000 });
  await show('landscape-empty');
  await landscape.button('Compute landscape').click();
  await expect(landscape.stage.getByRole('progressbar')).toBeVisible();
  await expect(landscape.stage).toContainText(/pinned at [3-9] norms/, { timeout: 60_000 });
  await expect(landscape.stage.getByRole('progressbar')).toBeHidden({ timeout: 120_000 });

  // An L and a U: w_c lies near the usual norm of such a network, 8.8, and the run came to it from twice that.
  const critical = (await landscape.criticalNorm())!;
  expect(critical).toBeGreaterThan(4);
  expect(critical).toBeLessThan(12);
  await expect(landscape.stage).toContainText('Goldilocks zone');
  await run.slider.focus();
  await page.keyboard.press('Home');
  await expect(landscape.stage).toContainText(/run at step 0, norm 17\.\d/);
  await page.keyboard.press('End');
  await expect(landscape.stage).toContainText('run at step 4,000');
  await expect(run.figures).toContainText('Generalises by the law at step');
  await show('landscape-curves');

  const { name, bytes } = await workbench.download(async () => {
    await landscape.button('Export').click();
    await page.getByRole('menuitem', { name: 'Figure as SVG' }).click();
  });
  expect(name).toMatch(/landscape-loss\.svg$/);
  expect(bytes.toString()).toContain('weight norm');

  // The loss around the network as a surface that grows finer, as contours, and on the line back to the start.
  await landscape.view('Surface');
  await landscape.button(/^Compute at step/).click();
  await expect(landscape.stage).toContainText('around step 4000', { timeout: 30_000 });
  await expect(landscape.button('Cancel')).toBeHidden({ timeout: 60_000 });
  await show('landscape-surface');
  await landscape.stage.getByRole('radio', { name: 'Contours' }).click();
  await show('landscape-contours');
  await landscape.view('Line');
  await landscape.stage.getByRole('textbox').first().fill('9999');
  await expect(landscape.stage.getByRole('alert')).toContainText('from 0 to 4,000');
  await landscape.button('From step: the shown one').click();
  await expect(landscape.stage.getByRole('alert')).toContainText('two steps that differ');
  await landscape.stage.getByRole('textbox').first().fill('0');
  await landscape.button('Compute').click();
  await expect(landscape.stage).toContainText('Angle of their weights', { timeout: 30_000 });
  await expect(landscape.button('Cancel')).toBeHidden({ timeout: 30_000 });
  await landscape.view('Curves');

  // Any norm can be taken; near its bottom the U attracts.
  await landscape.press(0.9);
  await expect(landscape.stage).toContainText('A fork is held there');
  await landscape.picker.focus();
  await page.keyboard.press('Home');
  await expect(landscape.stage).toContainText('the bottom of the U');
  await show('landscape-picked');
  await landscape.button('Pin from the start').click();
  await expect(page.getByRole('banner')).toContainText(/pinned at/);
  await expect(run.status('finished')).toBeVisible({ timeout: 60_000 });
  await expect(phase('Comprehension')).toBeVisible();
  await expect(run.figures).toContainText(String(critical).slice(0, 3));
  await show('landscape-pinned');

  // The other way: what is held where it began, high on the right wall, keeps what it memorised.
  await page.goBack();
  await expect(page.getByRole('banner')).not.toContainText('pinned at');
  // A slider that is there before the run is takes no step.
  await expect.poll(() => run.latestStep()).toBe(4000);
  await run.slider.focus();
  await page.keyboard.press('Home');
  await expect.poll(() => run.shownStep()).toBe(0);
  await landscape.button('Intervene').click();
  await expect(page.getByRole('menuitem', { name: /^Halve the initial scale/ })).toBeVisible();
  await show('landscape-interventions');
  await page.getByRole('menuitem', { name: /^Pin the norm where it is/ }).click();
  await expect(page.getByRole('banner')).toContainText('pin the norm where it is');
  await expect(run.status('finished')).toBeVisible({ timeout: 60_000 });
  await expect(phase('Memorization')).toBeVisible();

  // The sweep's own screen shows the same curves.
  await landscape.stage.getByRole('link', { name: 'Open the sweep' }).click();
  await expect(page.getByRole('radio', { name: 'Curves' })).toHaveAttribute('aria-checked', 'true');
  await page.getByRole('radio', { name: 'error', exact: true }).click();
  await show('landscape-sweep');
  expect(workbench.complaints).toEqual([]);
});
