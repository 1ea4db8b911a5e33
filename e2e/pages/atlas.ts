import type { Locator, Page } from 'playwright/test';

/** What is seen when the workbench is open on its first screen. */
export const home = (page: Page): Locator => page.getByRole('heading', { name: 'Survival of the fittest representation' });

export class Atlas {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Atlas' }).click();
  }

  /** Opens the Run screen with a preset of an experiment. @param label As on its button. */
  async choose(label: string, experiment = 'survival'): Promise<void> {
    await this.page.locator(`article[data-experiment="${experiment}"]`).getByRole('button', { name: label, exact: true }).click();
  }
}
