import type { Locator, Page } from 'playwright/test';

/** The card of a guided tour. */
export class TourCard {
  readonly card: Locator;

  constructor(private readonly page: Page) {
    this.card = page.getByRole('complementary', { name: 'Guided tour' });
  }

  async take(experiment: string): Promise<void> {
    await this.page.locator(`[data-experiment="${experiment}"]`).getByRole('button', { name: 'Take the tour' }).click();
  }

  heading(): Promise<string | null> {
    return this.card.getByRole('heading').textContent();
  }

  /** Place of the step and how many there are. */
  async place(): Promise<readonly [number, number]> {
    const label = await this.card.getByRole('img', { name: /^Step/ }).getAttribute('aria-label');
    const [at = 0, of = 0] = (label?.match(/\d+/g) ?? []).map(Number);
    return [at, of];
  }
}
