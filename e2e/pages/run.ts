import type { Locator, Page } from 'playwright/test';

/** The Run screen. */
export class RunScreen {
  readonly rail: Locator;
  readonly slider: Locator;
  readonly scene: Locator;
  readonly figures: Locator;

  constructor(private readonly page: Page) {
    this.rail = page.getByRole('complementary', { name: 'Experiment' });
    this.slider = page.getByRole('slider', { name: 'Step' });
    this.scene = page.getByRole('application').first();
    this.figures = page.getByRole('complementary', { name: 'Figures' });
  }

  button(name: string): Locator {
    return this.rail.getByRole('button', { name: new RegExp(`^${name}\\b`) });
  }

  /** The run's state as the header shows it. */
  status(state: string): Locator {
    return this.page.getByRole('banner').locator(`[data-status="${state}"]`);
  }

  parameter(label: string): Locator {
    return this.rail.getByRole('textbox', { name: label, exact: true });
  }

  /** Newest recorded step; 0 before there is any. */
  async latestStep(): Promise<number> {
    return Number(await this.slider.getAttribute('aria-valuemax'));
  }

  async shownStep(): Promise<number> {
    return Number(await this.slider.getAttribute('aria-valuenow'));
  }

  /** The 3D picture as it is drawn now. */
  picture(): Promise<Buffer> {
    return this.scene.screenshot();
  }

  /** Chooses an entry of a figure's export menu. @param title The figure's own, as in the menu's name. */
  async exportFigure(title: string, entry: string): Promise<void> {
    await this.figures.getByRole('button', { name: `Export ${title}`, exact: true }).click();
    await this.page.getByRole('menuitem', { name: entry }).click();
  }
}
