import { Atlas } from './pages/atlas.ts';
import { RunScreen } from './pages/run.ts';
import { SettingsScreen } from './pages/settings.ts';
import { expect, test } from './workbench.ts';

test('TensorFlow trains a run in a process of its own, and is timed against the kernels @tensorflow', async ({ workbench }) => {
  const settings = new SettingsScreen(workbench.page);
  await settings.open();
  await settings.backend('TensorFlow').check();
  await new Atlas(workbench.page).open();
  await new Atlas(workbench.page).choose('Fast');
  const screen = new RunScreen(workbench.page);
  await screen.parameter('Steps').fill('120');
  await screen.button('Train').click();
  await expect(screen.rail.getByText('Computed by TensorFlow, f32')).toBeVisible();
  await expect(screen.status('finished')).toBeVisible({ timeout: 60_000 });
  expect(await screen.latestStep()).toBe(120);

  await settings.open();
  const rows = await settings.measure();
  expect(rows.map(([label]) => label)).toEqual(['WebAssembly, one rounding', 'WebAssembly, relaxed', 'TensorFlow']);
  for (const [, speed, difference] of rows) {
    expect(Number(speed?.replaceAll(',', ''))).toBeGreaterThan(0);
    expect(Number(difference)).toBeLessThan(1e-4);
  }
  await expect(workbench.page.getByRole('status').filter({ hasText: /times as fast as/ })).toBeVisible();
  expect(workbench.complaints).toEqual([]);
});
