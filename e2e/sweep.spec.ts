/** A sweep of 8 x 8 points from the form to the finished map, with pictures of it half filled and finished: test-results/states. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { tokens } from '#app/figures/colours.ts';
import { root } from '../setup/root.mjs';
import { NewSweepScreen, SweepScreen, SweepsScreen } from './pages/sweeps.ts';
import { photograph } from './photograph.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(600_000);

test('a sweep is planned, trained, paused, killed, resumed, looked at, refined and exported', async ({ workbench }, info) => {
  const folder = join(root, 'test-results', 'states', info.project.name);
  await mkdir(folder, { recursive: true });
  const show = (state: string): Promise<void> => photograph(workbench, folder, state);
  const { page } = workbench;
  const sweeps = new SweepsScreen(page);
  const form = new NewSweepScreen(page);
  const screen = new SweepScreen(page);

  await sweeps.open();
  await show('sweeps-empty');
  await page.getByRole('button', { name: /^Phases of learning/ }).click();
  // Maps that are ready to start, each with its cost.
  await page.getByRole('button', { name: 'Start from' }).click();
  const ready = page.getByRole('menuitem', { name: /^Learning rates, boundaries twice as fine/ });
  await expect(ready).toContainText(/at most \d/, { timeout: 60_000 });
  await show('sweep-ready');
  await ready.click();
  await expect(form.cost).toContainText('at most 361 trials');
  await page.getByRole('radio', { name: 'Grid' }).click();

  await form.range(0, '0.001', '0.3', 8);
  await form.range(1, '0', '0.1', 8);
  await expect(form.cost.getByRole('alert')).toContainText('logarithmic');
  await show('sweep-bad-axis');
  await form.range(1, '0.0001', '0.1', 8);
  await form.parameter('Steps').fill('300');
  await expect(form.cost).toContainText('64 trials');
  await expect(form.cost).toContainText(/about .* on this machine/);
  await show('sweep-form');
  await form.start.click();

  await expect.poll(() => screen.done(), { timeout: 120_000 }).toBeGreaterThan(16);
  await page.getByRole('button', { name: /^Pause/ }).click();
  await expect(screen.status('paused')).toBeVisible();
  await show('sweep-half');
  const half = await screen.done();
  expect(half).toBeLessThan(64);
  await page.keyboard.press('Shift+P');
  await expect.poll(() => screen.done(), { timeout: 60_000 }).toBeGreaterThan(half);

  // What is trained is there after the service was killed, and the rest comes after it.
  await workbench.killService();
  await sweeps.open();
  await expect(sweeps.row()).toContainText('interrupted');
  await sweeps.openSweep();
  await expect(screen.status('interrupted')).toBeVisible();
  expect(await screen.done()).toBeGreaterThanOrEqual(half);
  await page.getByRole('button', { name: /^Resume/ }).click();
  await expect(screen.status('finished')).toBeVisible({ timeout: 180_000 });
  expect(await screen.done()).toBe(64);
  await show('sweep-finished');
  await page.getByRole('switch', { name: /^Smooth boundaries/ }).click();
  await expect(page.getByText('Nothing is computed from them')).toBeVisible();
  await show('sweep-smooth');
  await page.getByRole('switch', { name: /^Smooth boundaries/ }).click();

  // The map is drawn: a slow decoder cannot fit in 300 steps, and what is drawn is what the cell says.
  await page.emulateMedia({ colorScheme: 'dark' });
  await expect.poll(() => screen.colour(0, 0, 8, 8)).toBe(tokens.dark.confusion);
  await screen.map.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  await expect(screen.cell).toContainText('Confusion');
  await expect(screen.cell).toContainText('Embedding rate 0.001, Decoder rate 0.0001');

  await screen.choose('Outcome', 'Representation quality');
  await page.getByRole('switch', { name: 'Lines of equal value' }).click();
  await show('sweep-number');
  await page.getByRole('radio', { name: 'Table' }).click();
  await expect(page.getByRole('table').getByRole('button')).toHaveCount(64);
  await show('sweep-table');
  await page.getByRole('radio', { name: 'Map' }).click();

  const { name, bytes } = await workbench.download(async () => {
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Trials as CSV' }).click();
  });
  expect(name).toMatch(/\.csv$/);
  expect(
    bytes
      .toString()
      .trim()
      .split('\n')
      .filter((line) => !line.startsWith('#')),
  ).toHaveLength(65);

  // A region of 2 x 2 cells gets five points between them.
  await screen.choose('Outcome', 'Phase');
  await screen.map.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('PageDown');
  await page.keyboard.press('Shift+ArrowRight');
  await page.keyboard.press('Shift+ArrowUp');
  await page.getByRole('button', { name: 'Refine' }).click();
  await expect(screen.rail).toContainText('5 added by refining');
  await expect.poll(() => screen.done(), { timeout: 60_000 }).toBe(69);
  await expect(screen.status('finished')).toBeVisible();

  await screen.map.focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#\/run\//);
  await sweeps.open();
  await expect(sweeps.row()).toContainText('69');
  await show('sweeps');
  expect(workbench.complaints).toEqual([]);
});
