import AxeBuilder from '@axe-core/playwright';
import { home } from './pages/atlas.ts';
import { expect, test } from './workbench.ts';

test('opens on the Atlas without a complaint, using nothing but itself', async ({ workbench }) => {
  const { page } = workbench;
  await expect(page).toHaveTitle(/Lotka/);
  await expect(home(page)).toBeVisible();
  const foreign = workbench.requests.filter((url) => !/^(lotka:\/\/app\/|(http|ws):\/\/127\.0\.0\.1:\d+\/|data:|blob:)/.test(url));
  expect(foreign).toEqual([]);
  expect(workbench.complaints).toEqual([]);
});

test('is isolated from other origins', async ({ workbench }) => {
  expect(await workbench.page.evaluate(() => crossOriginIsolated)).toBe(true);
});

for (const colorScheme of ['light', 'dark'] as const) {
  test(`has no serious accessibility violation, ${colorScheme}`, async ({ workbench }) => {
    const { page } = workbench;
    await page.emulateMedia({ colorScheme });
    await expect(home(page)).toBeVisible();
    // Electron has no second window to run axe's final step in.
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect(serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual([]);
  });
}
