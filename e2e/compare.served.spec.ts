/** Runs of one experiment beside each other under one timeline, which is the page alone, with pictures: test-results/states. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { root } from '../setup/root.mjs';
import { Atlas } from './pages/atlas.ts';
import { CompareScreen } from './pages/compare.ts';
import { RunScreen } from './pages/run.ts';
import { RunsScreen } from './pages/runs.ts';
import { photograph } from './photograph.ts';
import { expect, test } from './workbench.ts';

test.setTimeout(300_000);

test('runs of different lengths and rates are seen at the same step, with what differs between them', async ({ workbench }, info) => {
  const folder = join(root, 'test-results', 'states', info.project.name);
  await mkdir(folder, { recursive: true });
  const show = (state: string): Promise<void> => photograph(workbench, folder, state);
  const { page } = workbench;
  const atlas = new Atlas(page);
  const run = new RunScreen(page);
  const runs = new RunsScreen(page);
  const compare = new CompareScreen(page);

  await compare.open();
  await show('compare-empty');

  async function train(steps: number, decoderRate: string): Promise<void> {
    await atlas.open();
    await atlas.choose('Paper', 'effective-theory');
    await run.parameter('Steps').fill(String(steps));
    await run.parameter('Decoder rate').fill(decoderRate);
    await run.button('Train').click();
    await expect(run.status('finished')).toBeVisible({ timeout: 90_000 });
  }
  await train(1500, '0.0001');
  await show('theory-finished');
  await train(1500, '0.01');
  await train(500, '0.001');

  // Ticked from the newest to the oldest, they stand in this order.
  await runs.open();
  for (const place of [0, 1, 2]) await runs.tick(place);
  await page.getByRole('button', { name: /^Compare 3 runs/ }).click();
  await expect(compare.heads).toHaveCount(3);
  await expect(compare.views.getByRole('application')).toHaveCount(3);
  expect(await compare.row('decoderRate')).toEqual(['0.001', '0.01', '0.0001']);
  expect(await compare.row('steps')).toEqual(
    ['500', '1500', '1500'].map((text) => expect.stringMatching(new RegExp(`^${text.at(0)}.?${text.slice(1)}$`))),
  );
  await expect(compare.numbers.locator('tr[data-row="embeddingRate"]')).toHaveCount(0);

  // The step is shared; a run that ended before it is shown at its last, and says so.
  await expect(compare.slider).toHaveAttribute('aria-valuenow', '1500');
  await expect(compare.heads.nth(0)).toContainText('last step 500');
  await expect(compare.heads.nth(0)).toContainText('decoder rate 0.001');
  await expect(compare.heads.nth(1)).toContainText(/^(?!.*last).*step 1.?500/s);
  await show('compare-three');
  await compare.slider.focus();
  await compare.slider.press('Home');
  for (const place of [0, 1, 2]) await expect(compare.heads.nth(place)).toContainText('step 0');

  // All have learned their training pairs, early or late: they are seen to do so at once.
  await compare.align('Aligned: fits');
  await compare.slider.press('End');
  const last = Number(await compare.slider.getAttribute('aria-valuenow'));
  expect(last).toBeGreaterThan(1500);
  await expect(compare.slider).toHaveAttribute('aria-valuetext', /^\+[\d,]+ steps from fits$/);
  await expect(compare.heads.nth(0)).toContainText('last step 500');
  await compare.difference.click();
  await expect(compare.curves).toContainText('above that of decoder rate 0.001');
  await show('compare-aligned');
  const aligned = await workbench.download(() => compare.export('Data as CSV'));
  expect(aligned.bytes.toString()).toContain('steps from: fits');
  // What is told in numbers is told where the rule stands.
  const at = /^\+([\d,]+) steps/.exec((await compare.slider.getAttribute('aria-valuetext'))!)![1]!;
  await compare.export('Show values');
  await expect(compare.curves.getByRole('columnheader', { name: /^at / }).first()).toHaveText(new RegExp(` ${at}$`));
  await compare.export('Show figure');
  // A run that is left alone is neither less another nor aligned with one.
  for (const left of [2, 1]) {
    await compare.takeOut(left);
    await expect(compare.heads).toHaveCount(left);
  }
  await expect(compare.difference).toBeHidden();
  await expect(compare.curves.getByRole('radiogroup', { name: 'Value axis' })).toBeVisible();
  await expect(compare.slider).toHaveAttribute('aria-valuetext', /^step /i);
  for (const back of [2, 3]) {
    await page.goBack();
    await expect(compare.heads).toHaveCount(back);
  }
  await compare.difference.click();
  await compare.align('At the same step');
  await expect(compare.slider).toHaveAttribute('aria-valuenow', '1500');

  // The curves of all of them are drawn over each other, and are saved with their numbers.
  const figure = compare.curves.getByRole('img').first();
  await expect(figure).toBeVisible();
  const { name, bytes } = await workbench.download(() => compare.export('Data as CSV'));
  expect(name).toMatch(/\.csv$/);
  expect(bytes.toString().split('\n').length).toBeGreaterThan(1200);

  // Six fit; the seventh is not taken, and the way back is the address.
  const forks = 4;
  for (let fork = 0; fork < forks; fork += 1) await train(100, String(0.002 + fork / 1000));
  await compare.open();
  const chooser = await compare.chooser();
  for (const place of [0, 1, 2]) await chooser.getByRole('checkbox').nth(place).check();
  await expect(chooser.getByRole('status')).toContainText('6 of 6 chosen');
  await expect(chooser.getByRole('checkbox').nth(3)).toBeDisabled();
  await page.keyboard.press('Escape');
  await expect(compare.heads).toHaveCount(6);
  await show('compare-six');
  await page.reload();
  await expect(compare.heads).toHaveCount(6);
  await compare.takeOut(5);
  await expect(compare.heads).toHaveCount(5);

  // A run that is deleted leaves its place with a word about it.
  await runs.open();
  await runs.row(0).click();
  await page.keyboard.press('Delete');
  await page.goBack();
  await expect(compare.views.getByText(/^This run .*\bdeleted\.$/)).toBeVisible();
  await atlas.open();
  await show('atlas-two');
  expect(workbench.complaints).toEqual([]);
});
