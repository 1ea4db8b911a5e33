import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Atlas } from './pages/atlas.ts';
import { RunScreen } from './pages/run.ts';
import { RunsScreen } from './pages/runs.ts';
import { SettingsScreen } from './pages/settings.ts';
import { expect, test, type Workbench } from './workbench.ts';

const trainingTimeout = 90_000;

async function provenances(workbench: Workbench): Promise<{ backend: string; engine: string }[]> {
  const folder = join(workbench.store, 'runs');
  const records = await Promise.all((await readdir(folder)).map((run) => readFile(join(folder, run, 'run.json'), 'utf8')));
  return records.map((text) => (JSON.parse(text) as { provenance: { backend: string; engine: string } }).provenance);
}

test('what is chosen in Settings computes the next run, and the run says so', async ({ workbench }) => {
  const settings = new SettingsScreen(workbench.page);
  await settings.open();
  await expect(settings.backend('WebAssembly, one rounding')).toBeChecked();
  await settings.backend('WebAssembly, relaxed').check();

  await new Atlas(workbench.page).open();
  await new Atlas(workbench.page).choose('Fast');
  const screen = new RunScreen(workbench.page);
  // More than the preset's, so that the run is not over before it can be paused.
  await screen.parameter('Steps').fill('6000');
  await expect(screen.rail.getByText(/a step, .* of memory, .* kept/)).toBeVisible();
  await screen.button('Train').click();
  await expect(screen.rail.getByText('Computed by WebAssembly, relaxed, f32')).toBeVisible();
  await expect.poll(() => screen.latestStep(), { intervals: [20] }).toBeGreaterThan(100);
  await screen.button('Pause').click();
  await expect(screen.status('paused')).toBeVisible();
  await screen.button('Resume').click();
  await expect(screen.status('finished')).toBeVisible({ timeout: trainingTimeout });

  // The choice is remembered, and a finished run stays what it was when another is chosen.
  await workbench.restart();
  const again = new SettingsScreen(workbench.page);
  await again.open();
  await expect(again.backend('WebAssembly, relaxed')).toBeChecked();
  await again.backend('WebAssembly, one rounding').check();
  const runs = new RunsScreen(workbench.page);
  await runs.open();
  await runs.openRun();
  await expect(new RunScreen(workbench.page).rail.getByText('Computed by WebAssembly, relaxed, f32')).toBeVisible();
  const [provenance, ...others] = await provenances(workbench);
  expect(provenance).toMatchObject({ backend: 'wasm-relaxed' });
  expect(provenance?.engine).toMatch(/^[0-9a-f]{16}$/);
  expect(others).toEqual([]);
  expect(workbench.complaints).toEqual([]);
});
