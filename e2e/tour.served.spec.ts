/** Guided tours through finished runs that come with Lotka, in the page that the window shows too; pictures: test-results/states. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { Atlas } from './pages/atlas.ts';
import { RunScreen } from './pages/run.ts';
import { TourCard } from './pages/tour.ts';
import { photograph } from './photograph.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(180_000);

test('every tour leads through the real screen, without training', async ({ workbench }, info) => {
  const folder = join(root, 'test-results', 'states', info.project.name);
  await mkdir(folder, { recursive: true });
  const { page } = workbench;
  const tour = new TourCard(page);
  const run = new RunScreen(page);
  for (const experiment of ['survival', 'omnigrok', 'effective-theory']) {
    await new Atlas(page).open();
    await tour.take(experiment);
    await expect(tour.card).toBeVisible();
    const [, steps] = await tour.place();
    for (let step = 1; step <= steps; step++) {
      await expect.poll(() => tour.place()).toEqual([step, steps]);
      if (page.url().includes('#/run/')) await expect(run.status('finished')).toBeVisible();
      if (step === Math.min(3, steps)) await photograph(workbench, folder, `tour-${experiment}`);
      await page.keyboard.press('PageDown');
    }
    await expect(tour.card).toBeHidden();
  }
  await page.getByRole('link', { name: 'Runs', exact: true }).click();
  await expect(page.getByRole('heading', { name: 'No runs yet' })).toBeVisible();
  expect(workbench.complaints).toEqual([]);
});
