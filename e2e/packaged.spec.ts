import { home } from './pages/atlas.ts';
import { expect, test } from './workbench.ts';

test('the packaged app opens, with its service and engine inside', async ({ workbench }) => {
  const { page } = workbench;
  await expect(home(page)).toBeVisible();
  expect(workbench.complaints).toEqual([]);
});
