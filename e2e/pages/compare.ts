import type { Locator, Page } from 'playwright/test';

/** Runs side by side. */
export class CompareScreen {
  readonly heads: Locator;
  readonly views: Locator;
  readonly curves: Locator;
  readonly numbers: Locator;
  readonly slider: Locator;

  constructor(private readonly page: Page) {
    this.heads = page.locator('[data-run][role="group"]');
    this.views = page.getByRole('region', { name: 'Side by side' });
    this.curves = page.getByRole('region', { name: 'Curves' });
    this.numbers = page.getByRole('table', { name: 'Numbers of the runs' });
    this.slider = page.getByRole('slider', { name: 'Step' });
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Compare' }).click();
  }

  /** The dialog in which runs are ticked. */
  async chooser(): Promise<Locator> {
    await this.page.getByRole('button', { name: /^Add runs/ }).click();
    return this.page.getByRole('dialog', { name: 'Runs to compare' });
  }

  /** What a row of numbers says of each run. */
  row(id: string): Promise<string[]> {
    return this.numbers.locator(`tr[data-row="${id}"] td`).allTextContents();
  }
}
