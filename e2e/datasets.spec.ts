/** A table becomes a dataset, a run and a landscape; a bad one becomes a sentence. Pictures for people to look at: test-results/states. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { DatasetsScreen } from './pages/datasets.ts';
import { LandscapeStage } from './pages/landscape.ts';
import { RunScreen } from './pages/run.ts';
import { photograph } from './photograph.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(180_000);

const towns = ['Bonn', 'Köln', 'Aachen'];
/** A price that follows from the rest; one cell is missing. */
const houses = [
  'id,rooms,area,town,price',
  ...Array.from({ length: 120 }, (_, i) => {
    const [rooms, area] = [1 + (i % 5), 20 + ((7 * i) % 90)];
    return `house-${i},${rooms},${i === 77 ? '' : area},${towns[i % 3]},${10 * rooms + 2 * area + 5 * (i % 3)}`;
  }),
].join('\n');

test("a file of one's own is looked at, imported, learned and removed", async ({ workbench }, info) => {
  const folder = join(root, 'test-results', 'states', info.project.name);
  await mkdir(folder, { recursive: true });
  const show = (state: string): Promise<void> => photograph(workbench, folder, state);
  const { page } = workbench;
  const datasets = new DatasetsScreen(page);
  const run = new RunScreen(page);

  await datasets.open();
  await expect(datasets.row('Handwritten digits, 14')).toContainText('10,000');
  await show('datasets');

  // What cannot be imported says where, and nothing is lost: it is corrected in place.
  await datasets.choose({ name: 'houses.csv', text: houses });
  await expect(page.getByText(/"houses\.csv", row 79, column "area": there is no value/)).toBeVisible();
  await expect(datasets.importButton).toBeDisabled();
  await show('datasets-missing');
  await page.getByRole('switch', { name: 'Leave incomplete rows out' }).click();
  await expect(datasets.importButton).toBeEnabled();
  await show('datasets-import');
  await datasets.importButton.click();
  await expect(datasets.row('houses')).toContainText('119');
  await expect(datasets.row('houses')).toContainText('a number');

  await datasets.row('houses').getByRole('button', { name: 'Train on it' }).click();
  await run.parameter('Training samples').fill('60');
  await run.parameter('Test samples').fill('50');
  await run.parameter('Steps').fill('400');
  await expect(run.rail).toContainText(/a step/);
  await run.button('Train').click();
  await expect(run.status('finished')).toBeVisible({ timeout: 60_000 });
  await expect(run.rail).toContainText('Learned from houses');
  await show('datasets-run');
  const landscape = new LandscapeStage(page);
  await expect(landscape.stage).toContainText(/27 trials of 2,000 steps/, { timeout: 30_000 });

  await datasets.open();
  await datasets.row('houses').getByRole('button', { name: 'Delete houses' }).click();
  await expect(datasets.row('houses')).toHaveCount(0);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(datasets.row('houses')).toBeVisible();

  // Not a table at all, and dropped on another screen.
  await page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Atlas' }).click();
  const data = await page.evaluateHandle(() => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['one line of prose and nothing else'], 'notes.txt', { type: 'text/plain' }));
    return transfer;
  });
  await page.dispatchEvent('main', 'drop', { dataTransfer: data });
  await expect(page.getByText(/"notes\.txt"/).first()).toBeVisible();
  await expect(datasets.importButton).toBeDisabled();
  expect(workbench.complaints).toEqual([]);
});
