import type { Locator, Page } from 'playwright/test';
import { expect } from 'playwright/test';

/** The list of sweeps. */
export class SweepsScreen {
  constructor(private readonly page: Page) {}

  async open(): Promise<void> {
    await this.page.getByRole('navigation', { name: 'Screens' }).getByRole('link', { name: 'Sweeps' }).click();
    await expect(this.page.getByRole('heading', { name: 'Sweeps', exact: true })).toBeVisible();
  }

  row(place = 0): Locator {
    return this.page.getByRole('grid', { name: 'Sweeps' }).getByRole('row').nth(place);
  }

  async openSweep(place = 0): Promise<void> {
    await this.row(place).getByRole('link').click();
  }
}

/** The form of a new sweep. */
export class NewSweepScreen {
  readonly start: Locator;
  readonly cost: Locator;
  readonly name: Locator;

  constructor(private readonly page: Page) {
    this.start = page.getByRole('button', { name: /^Start the sweep/ });
    this.cost = page.getByRole('complementary', { name: 'Cost' });
    this.name = page.getByRole('textbox', { name: 'Name' });
  }

  parameter(label: string): Locator {
    return this.page.getByRole('complementary', { name: 'What all trials share' }).getByRole('textbox', { name: label, exact: true });
  }

  axis(place: number): Locator {
    return this.page.getByRole('group', { name: /^Axis / }).nth(place);
  }

  /** Gives a range axis its ends and the number of its values. */
  async range(place: number, from: string, to: string, count: number): Promise<void> {
    const axis = this.axis(place);
    await axis.getByRole('textbox', { name: 'from' }).fill(from);
    await axis.getByRole('textbox', { name: 'to', exact: true }).fill(to);
    await axis.getByRole('textbox', { name: 'values' }).fill(String(count));
  }

  get seeds(): Locator {
    return this.page.getByRole('textbox', { name: /^trainings of every point/ });
  }
}

/** The screen of a sweep. */
export class SweepScreen {
  readonly rail: Locator;
  readonly map: Locator;
  readonly cell: Locator;

  constructor(private readonly page: Page) {
    this.rail = page.getByRole('complementary', { name: 'Sweep' });
    this.map = page.getByRole('application').first();
    this.cell = page.getByRole('region', { name: 'Cell' });
  }

  status(state: string): Locator {
    return this.rail.locator(`[data-status="${state}"]`);
  }

  /** Trials that have a result. */
  async done(): Promise<number> {
    const text = await this.rail
      .getByText(/ of [\d,]+ trials?$/)
      .first()
      .textContent();
    return Number(/^([\d,]+)/.exec(text ?? '')?.[1]?.replaceAll(',', ''));
  }

  /** Chooses in one of the lists above the map. */
  async choose(list: string, option: string | RegExp): Promise<void> {
    await this.page.getByRole('toolbar', { name: 'What the map shows' }).getByLabel(list, { exact: true }).last().click();
    await this.page.getByRole('option', { name: option }).click();
  }

  /** Colour at the middle of a cell, as `#rrggbb`, of a map with so many columns and rows; row 0 is at the foot. */
  colour(column: number, row: number, columns: number, rows: number): Promise<string> {
    return this.map.locator('canvas').evaluate(
      (canvas: HTMLCanvasElement, [x, y]) => {
        const at = canvas.getContext('2d')!.getImageData(Math.round(x! * canvas.width), Math.round(y! * canvas.height), 1, 1);
        return `#${[...at.data.slice(0, 3)].map((channel) => channel.toString(16).padStart(2, '0')).join('')}`;
      },
      [(column + 0.5) / columns, 1 - (row + 0.5) / rows],
    );
  }
}
