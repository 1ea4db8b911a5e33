import type { Locator, Page } from 'playwright/test';
import { expect } from 'playwright/test';

export interface GivenFile {
  readonly name: string;
  readonly text: string;
}

/** The list of datasets, and the form of an import in its place. */
export class DatasetsScreen {
  readonly list: Locator;
  readonly importButton: Locator;

  constructor(private readonly page: Page) {
    this.list = page.getByRole('table', { name: 'Datasets' });
    this.importButton = page.getByRole('button', { name: /^Import/ });
  }

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Datasets' }).click();
    await expect(this.page.getByRole('heading', { name: 'Datasets', exact: true })).toBeVisible();
  }

  async choose({ name, text }: GivenFile): Promise<void> {
    await this.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  }

  row(name: string): Locator {
    return this.list.getByRole('row').filter({ hasText: name });
  }
}
