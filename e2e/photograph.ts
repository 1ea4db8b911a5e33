import { join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Workbench } from './workbench.ts';

/** Each theme in a size of its own: a small window and a large one are both seen. */
const sizes = { light: [1280, 800], dark: [1920, 1080] } as const;

/**
 * Pictures of what is shown now into a folder, in both themes. Where the browser draws, serious accessibility violations fail the
 * test; the window shows the same page.
 */
export async function photograph(workbench: Workbench, folder: string, state: string): Promise<void> {
  const { page } = workbench;
  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme });
    const [width, height] = sizes[theme];
    await workbench.resize(width, height);
    // Two frames: one to lay out, one to draw.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))));
    await page.screenshot({ path: join(folder, `${state}-${theme}-${width}x${height}.png`) });
    if (workbench.hostName !== 'served') continue;
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
