/** A figure leaves as a file and comes back: dropped on the window it opens its run, or has it trained again to the same bits. */
import { Atlas } from './pages/atlas.ts';
import { dropFile } from './pages/drop.ts';
import { RunScreen } from './pages/run.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(180_000);

const signals = (bytes: Buffer): string =>
  bytes
    .toString()
    .split('\r\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n');

test('an exported figure opens the run it shows, and has it trained again when it is gone', async ({ workbench }) => {
  const { page } = workbench;
  const atlas = new Atlas(page);
  const run = new RunScreen(page);
  await atlas.choose('Fast');
  await run.parameter('Steps').fill('600');
  await run.button('Train').click();
  await expect(run.status('finished')).toBeVisible({ timeout: 60_000 });
  const address = page.url();
  await run.slider.focus();
  await page.keyboard.press('ArrowLeft');
  const step = await run.shownStep();
  expect(step).toBeLessThan(600);
  const csv = await workbench.download(() => run.exportFigure('Signals', 'Data as CSV'));
  const pdf = await workbench.download(() => run.exportFigure('Signals', 'Figure as PDF'));
  expect(pdf.bytes.subarray(0, 5).toString()).toBe('%PDF-');

  await atlas.open();
  await dropFile(workbench, pdf.name, pdf.bytes);
  await expect(page).toHaveURL(address);
  await expect.poll(() => run.shownStep()).toBe(step);

  // The run is gone for good; what is trained again is the same run.
  await page.keyboard.press('Delete');
  await expect(page).toHaveURL(/#\/runs$/);
  await dropFile(workbench, csv.name, csv.bytes);
  await expect(page.getByText(/It is trained again, to the same bits/)).toBeVisible();
  await expect(run.status('finished')).toBeVisible({ timeout: 60_000 });
  expect(page.url()).not.toBe(address);
  const again = await workbench.download(() => run.exportFigure('Signals', 'Data as CSV'));
  expect(signals(again.bytes)).toBe(signals(csv.bytes));

  // A drawing of somebody else is not data.
  await dropFile(workbench, 'other.svg', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'));
  await expect(page.getByText(/"other\.svg" does not say which run it shows/)).toBeVisible();
  expect(workbench.complaints).toEqual([]);
});
