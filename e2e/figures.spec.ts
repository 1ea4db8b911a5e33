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

test('the timeline leaves as a film that plays', async ({ workbench }) => {
  test.setTimeout(90_000);
  const { page } = workbench;
  const run = new RunScreen(page);
  await new Atlas(page).choose('Fast');
  await run.parameter('Steps').fill('300');
  await run.button('Train').click();
  await expect(run.status('finished')).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Control+Shift+F');
  const dialog = page.getByRole('dialog', { name: 'Export a film' });
  const choose = (label: string, value: string): Promise<void> =>
    dialog.getByRole('radiogroup', { name: label, exact: true }).getByRole('radio', { name: value, exact: true }).click();
  await choose('Length', '5 s');
  await choose('Frames a second', '10');
  await dialog.getByLabel('Test accuracy').check();
  await expect(dialog.getByRole('img', { name: 'The film at step 300' })).toBeVisible();
  await dialog.getByRole('slider', { name: 'Moment of the film' }).press('Home');
  await expect(dialog.getByRole('img', { name: 'The film at step 0' })).toBeVisible();
  const film = await workbench.download(() => dialog.getByRole('button', { name: 'Export' }).click());
  expect(film.name).toMatch(/^survival-rings-.*\.webm$/);
  const seconds = await page.evaluate(async (base64) => {
    const video = document.createElement('video');
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))], { type: 'video/webm' }));
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
    });
    return [video.duration, video.videoWidth, video.videoHeight];
  }, film.bytes.toString('base64'));
  expect(seconds[0]).toBeCloseTo(6, 0);
  expect(seconds.slice(1)).toEqual([960, 540]);
  expect(workbench.complaints).toEqual([]);
});

test('films and figures are seen before they are made while a run trains', async ({ workbench }) => {
  const { page } = workbench;
  const run = new RunScreen(page);
  await new Atlas(page).choose('Fast');
  await run.parameter('Steps').fill('50000');
  await run.button('Train').click();
  await expect.poll(() => run.latestStep()).toBeGreaterThan(20);
  await page.keyboard.press('Control+Shift+F');
  const film = page.getByRole('dialog', { name: 'Export a film' });
  await film.getByRole('slider', { name: 'Moment of the film' }).press('Home');
  await expect(film.getByRole('img', { name: 'The film at step 0' })).toBeVisible();
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+e');
  const figure = page.getByRole('dialog', { name: 'Export a figure' });
  await expect(figure.locator('svg').first()).toBeVisible();
  // Half of an axis says what is missing, and keeps nothing but the drawing from being made.
  await figure.getByLabel('Axis up, from').fill('0.1');
  await expect(figure.getByLabel('Axis up, to')).toHaveAccessibleDescription(/Both ends as numbers/);
  await expect(figure.getByRole('button', { name: 'Export' })).toBeDisabled();
  await figure.getByRole('radio', { name: 'CSV' }).click();
  await expect(figure.getByRole('button', { name: 'Export' })).toBeEnabled();
  await page.keyboard.press('Escape');
  await expect(run.status('running')).toBeVisible();
  expect(workbench.complaints).toEqual([]);
});
