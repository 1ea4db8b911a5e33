/** The loop of tours for visitors, where the browser draws; Electron's own part is in shell.electron.spec.ts. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { TourCard } from './pages/tour.ts';
import { photograph } from './photograph.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(180_000);

test('tours go on by themselves on a machine for visitors, wait for who touches, and begin again', async ({ workbench }, info) => {
  const folder = join(root, 'test-results', 'states', info.project.name);
  await mkdir(folder, { recursive: true });
  const { page } = workbench;
  const tour = new TourCard(page);
  await page.goto(`${page.url().split(/[?#]/)[0]}?kiosk=10`);
  await expect(tour.card).toBeVisible();
  await expect(page.getByRole('banner')).toBeHidden();
  const first = await tour.heading();
  await expect.poll(() => tour.heading(), { timeout: 30_000 }).not.toBe(first);
  // Who touches has it to himself.
  await page.getByRole('navigation', { name: 'Papers' }).getByRole('button').last().click();
  await expect.poll(async () => (await tour.place())[0]).toBe(1);
  await tour.card.getByRole('button', { name: 'Next' }).click();
  await expect.poll(async () => (await tour.place())[0]).toBe(2);
  await photograph(workbench, folder, 'kiosk');
  await expect.poll(() => tour.heading(), { timeout: 30_000 }).toBe(first);
  expect(workbench.complaints).toEqual([]);
});
