import type { Locator, Page } from 'playwright/test';

/** The Settings screen. */
export class SettingsScreen {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.getByRole('banner').getByRole('button', { name: 'Settings' }).click();
  }

  /** The choice of what computes new runs. */
  backend(label: string): Locator {
    return this.page.getByRole('radiogroup', { name: 'Engine' }).getByRole('radio', { name: label, exact: true });
  }

  /** Times the backends on what is set on the Run screen. @returns Rows of the table: cells of each backend. */
  async measure(): Promise<string[][]> {
    await this.page.getByRole('button', { name: 'Measure on this machine' }).click();
    const table = this.page.getByRole('table', { name: 'Speed of the backends' });
    await table.waitFor({ timeout: 60_000 });
    const rows = await table.locator('tbody tr').all();
    return Promise.all(rows.map((row) => row.locator('th, td').allInnerTexts()));
  }
}
