import type { Locator, Page } from 'playwright/test';

/** The Landscape stage of the Run screen. */
export class LandscapeStage {
  readonly stage: Locator;
  readonly heading: Locator;
  readonly picker: Locator;

  constructor(private readonly page: Page) {
    this.stage = page.getByRole('region', { name: 'Landscape', exact: true });
    this.heading = this.stage.getByRole('heading').first();
    this.picker = page.getByRole('slider', { name: 'Norm at which a fork is pinned' });
  }

  button(name: string | RegExp): Locator {
    return this.stage.getByRole('button', { name });
  }

  async view(name: 'Curves' | 'Surface' | 'Line'): Promise<void> {
    await this.stage.getByRole('radio', { name, exact: true }).click();
  }

  /** w_c as the heading tells it; null before it is known. */
  async criticalNorm(): Promise<number | null> {
    const found = /at norm ([\d.]+)$/.exec((await this.heading.textContent()) ?? '');
    return found ? Number(found[1]) : null;
  }

  /** Presses the curves at a share of their width. */
  async press(share: number): Promise<void> {
    const box = (await this.picker.boundingBox())!;
    await this.page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
    await this.page.mouse.click(box.x + share * box.width, box.y + box.height / 2);
  }

  async intervene(label: string): Promise<void> {
    await this.button('Intervene').click();
    await this.page.getByRole('menuitem', { name: label }).click();
  }
}
