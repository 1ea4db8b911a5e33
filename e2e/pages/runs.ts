import type { Locator, Page } from 'playwright/test';

/** The list of runs. */
export class RunsScreen {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Runs' }).click();
  }

  row(place = 0): Locator {
    return this.page.getByRole('grid', { name: 'Runs' }).getByRole('row').nth(place);
  }

  async openRun(place = 0): Promise<void> {
    await this.row(place).getByRole('link').click();
  }

  /** Takes a run into the comparison. */
  async tick(place = 0): Promise<void> {
    await this.row(place).getByRole('checkbox').check();
  }

  /** Surviving frequencies in a run's row. */
  async survivors(place = 0): Promise<number[]> {
    const text = await this.row(place).getByText('survivors').locator('..').textContent();
    const found = /survivors\s+([\d, ]*\d)/.exec(text ?? '');
    return (found?.[1] ?? '').split(',').map(Number);
  }
}
