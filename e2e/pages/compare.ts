import type { Locator, Page } from 'playwright/test';

/** Runs side by side. */
export class CompareScreen {
  readonly heads: Locator;
  readonly views: Locator;
  readonly curves: Locator;
  readonly numbers: Locator;
  readonly slider: Locator;
  readonly difference: Locator;

  constructor(private readonly page: Page) {
    this.heads = page.locator('[data-run][role="group"]');
    this.views = page.getByRole('region', { name: 'Side by side' });
    this.curves = page.getByRole('region', { name: 'Curves' });
    this.numbers = page.getByRole('table', { name: 'Numbers of the runs' });
    this.difference = page.getByRole('switch', { name: 'Difference from the first run' });
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

  async takeOut(place: number): Promise<void> {
    await this.heads
      .nth(place)
      .getByRole('button', { name: /^Take .* out$/ })
      .click();
  }

  /** Chooses at what the runs are seen together. */
  async align(label: string): Promise<void> {
    await this.page.getByLabel('Runs are seen').click();
    await this.page.getByRole('option', { name: label }).click();
  }

  /** Chooses an entry of the export menu of the first curve. */
  async export(entry: string): Promise<void> {
    await this.curves
      .getByRole('button', { name: /^Export / })
      .first()
      .click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }

  /** What a row of numbers says of each run. */
  row(id: string): Promise<string[]> {
    return this.numbers.locator(`tr[data-row="${id}"] td`).allTextContents();
  }
}
