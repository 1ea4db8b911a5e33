import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Workbench } from './workbench.ts';

const sizes = [
  [1280, 800],
  [1920, 1080],
] as const;

/**
 * Pictures of what is shown now into a folder: in both themes and two sizes where the browser draws, where serious accessibility
 * violations fail the test; one size a theme in the window, which shows the same page.
 */
export async function photograph(workbench: Workbench, folder: string, state: string): Promise<void> {
  const { page } = workbench;
  const isBrowser = workbench.hostName === 'served';
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    for (const [width, height] of isBrowser ? sizes : [sizes[theme === 'light' ? 0 : 1]]) {
      await workbench.resize(width, height);
      // Two frames: one to lay out, one to draw.
      await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
      await page.screenshot({ path: join(folder, `${state}-${theme}-${width}x${height}.png`) });
    }
    if (!isBrowser) continue;
    const { violations } = await new AxeBuilder({ page }).setLegacyMode().analyze();
    const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
    expect
      .soft(
        serious.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`),
        `${state}, ${theme}`,
      )
      .toEqual([]);
  }
}
