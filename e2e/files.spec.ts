/** Runs leave as a file and are seen elsewhere without being kept, with pictures for people to look at: test-results/states. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { Atlas } from './pages/atlas.ts';
import { dropFile } from './pages/drop.ts';
import { RunScreen } from './pages/run.ts';
import { RunsScreen } from './pages/runs.ts';
import { photograph } from './photograph.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(180_000);

test('a run is saved as a file, seen from it when it is gone, and kept', async ({ workbench }, info) => {
  const folder = join(root, 'test-results', 'states', info.project.name);
  await mkdir(folder, { recursive: true });
  const { page } = workbench;
  const atlas = new Atlas(page);
  const run = new RunScreen(page);
  const runs = new RunsScreen(page);
  const ids: string[] = [];
  for (const steps of ['500', '300']) {
    await atlas.open();
    await atlas.choose('Fast');
    await run.parameter('Steps').fill(steps);
    await run.button('Train').click();
    await expect(run.status('finished')).toBeVisible({ timeout: 60_000 });
    ids.push(new URL(page.url()).hash.replace('#/run/', ''));
  }
  const [first, second] = ids as [string, string];

  const one = await workbench.download(() => page.keyboard.press('Control+s'));
  expect(one.name).toBe(`${second}.lotka`);
  await runs.open();
  for (const id of ids) await page.locator(`[data-run="${id}"]`).getByRole('checkbox').check();
  const both = await workbench.download(() => page.keyboard.press('Control+s'));
  expect(both.name).toBe('2 runs.lotka');
  await page.getByRole('button', { name: 'Untick all' }).click();
  for (const id of ids) {
    await page.locator(`[data-run="${id}"]`).click();
    await page.keyboard.press('Delete');
    await expect(page.locator(`[data-run="${id}"]`)).toBeHidden();
  }

  const strip = page.getByText('Nothing of it is in your store.');
  await dropFile(workbench, 'from a friend.lotka', one.bytes);
  await expect(run.status('finished')).toBeVisible();
  await expect(strip).toBeVisible();
  await expect.poll(() => run.latestStep()).toBe(300);
  await photograph(workbench, folder, 'file-run');

  await dropFile(workbench, 'both.lotka', both.bytes);
  await expect(page.getByRole('heading', { name: '2 runs' })).toBeVisible();
  await photograph(workbench, folder, 'file-several');
  await page.getByRole('button', { name: 'Check' }).click();
  await expect(page.getByText('Everything in both.lotka is as it was written.')).toBeVisible();
  await page.locator(`a[href="#/run/${first}"]`).click();
  await expect(strip).toBeVisible();
  await page.getByRole('button', { name: 'Keep a copy' }).click();
  await expect(page.getByText('2 items are in your store now.')).toBeVisible();
  await expect(strip).toBeHidden();
  await expect(run.status('finished')).toBeVisible();
  await runs.open();
  await expect(page.locator('[data-run]')).toHaveCount(2);

  const damaged = Buffer.from(both.bytes);
  damaged.fill(0, damaged.length - 60);
  await dropFile(workbench, 'damaged.lotka', damaged);
  await expect(page.getByText(/"damaged\.lotka" cannot be opened/)).toBeVisible();
  expect(workbench.complaints).toEqual([]);
});
