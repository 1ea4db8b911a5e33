/** A training of somebody else becomes a run that is watched, by the form and by dropping it. Pictures for people: test-results/states. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { circles, npz, row } from '../app/imports/testing.ts';
import { root } from '../setup/root.mjs';
import { RunScreen } from './pages/run.ts';
import { photograph } from './photograph.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(120_000);

const training = Buffer.from(
  npz({ E: circles(120, 7), curve: row(120, (i) => 1 / (i + 1)), test_acc: row(120, (i) => i / 120), step: row(120, (i) => 5 * i) }),
);

test('a training from elsewhere is looked at, corrected, imported and watched', async ({ workbench }, info) => {
  const folder = join(root, 'test-results', 'states', info.project.name);
  await mkdir(folder, { recursive: true });
  const show = (state: string): Promise<void> => photograph(workbench, folder, state);
  const { page } = workbench;
  const run = new RunScreen(page);
  const files = page.getByLabel('Files to import');
  const importButton = page.getByRole('button', { name: 'Import', exact: true });

  await page.locator('article[data-experiment="imported"]').getByRole('button', { name: 'Import' }).click();
  await show('imports');
  await files.setInputFiles({ name: 'half.npz', mimeType: 'application/zip', buffer: training.subarray(0, -40) });
  await expect(page.getByRole('alert')).toContainText('it is damaged or cut off');
  await page.getByRole('button', { name: 'Cancel' }).click();

  await files.setInputFiles({ name: 'mine.npz', mimeType: 'application/zip', buffer: training });
  await expect(page.getByText('120 steps (0 to 595) of an embedding of 7 tokens in 4 dimensions, with test accuracy.')).toBeVisible();
  await page.getByLabel('What curve is').click();
  await page.getByRole('option', { name: 'training loss' }).click();
  await expect(page.getByText(/with training loss and test accuracy\./)).toBeVisible();
  await show('imports-found');
  await importButton.click();
  await expect(run.status('finished')).toBeVisible({ timeout: 30_000 });
  await expect(run.rail).toContainText('Imported, not trained here');
  await expect(run.rail).toContainText('it cannot be trained, resumed, forked or swept here');
  await expect(page.getByText('embedding at step 595, Fourier planes')).toBeVisible();
  await show('imports-run');

  // Dropped anywhere, the same file is taken for what it is.
  const dropped = await page.evaluateHandle(
    (bytes) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(bytes)], 'again.npz'));
      return data;
    },
    [...training],
  );
  await page.dispatchEvent('main', 'drop', { dataTransfer: dropped });
  await expect(page.getByRole('heading', { name: 'again.npz' })).toBeVisible();
  await expect(importButton).toBeEnabled();
});
