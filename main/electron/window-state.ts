import { z } from 'zod';

export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const Coordinate = z.number().int().min(-100_000).max(100_000);

/** Where the window was. Coordinates in device-independent pixels of the whole desktop. */
export const WindowState = z.object({
  x: Coordinate,
  y: Coordinate,
  width: Coordinate.positive(),
  height: Coordinate.positive(),
  maximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

/** Smallest window in which every panel can still be used. */
export const smallest = { width: 960, height: 640 } as const;
const preferred = { width: 1440, height: 900 } as const;

/**
 * Where the window shall open: where it was, as far as that is on a screen that is there now; else in the middle of the
 * first screen.
 * @param saved What was read from disk; anything that is no window state counts as nothing.
 * @param workAreas Work areas of the screens, the primary one first; at least one.
 * @returns A rectangle wholly inside one work area (or as large as it, if that is smaller than the smallest window).
 */
export function openingBounds(saved: unknown, workAreas: readonly Rectangle[]): Rectangle & { maximized: boolean } {
  const primary = workAreas[0];
  if (!primary) throw new RangeError('openingBounds needs at least one screen');
  const parsed = WindowState.safeParse(saved);
  const wanted = parsed.success ? parsed.data : null;
  const area = (wanted && mostCovered(wanted, workAreas)) ?? primary;
  const width = fit(wanted?.width ?? preferred.width, smallest.width, area.width);
  const height = fit(wanted?.height ?? preferred.height, smallest.height, area.height);
  const remembered = wanted && overlap(wanted, area) > 0 ? wanted : null;
  return {
    x: fit(remembered?.x ?? area.x + Math.floor((area.width - width) / 2), area.x, area.x + area.width - width),
    y: fit(remembered?.y ?? area.y + Math.floor((area.height - height) / 2), area.y, area.y + area.height - height),
    width,
    height,
    maximized: wanted?.maximized ?? false,
  };
}

/** Nearest number to `value` in [low, high]; `high` wins where they cross. */
const fit = (value: number, low: number, high: number): number => Math.min(Math.max(value, low), high);

function overlap(a: Rectangle, b: Rectangle): number {
  const width = Math.min(a.x + a.width, b.x + b.width) - Math.max(a.x, b.x);
  const height = Math.min(a.y + a.height, b.y + b.height) - Math.max(a.y, b.y);
  return width > 0 && height > 0 ? width * height : 0;
}

function mostCovered(wanted: Rectangle, areas: readonly Rectangle[]): Rectangle | null {
  let best: Rectangle | null = null;
  for (const area of areas) if (overlap(wanted, area) > (best ? overlap(wanted, best) : 0)) best = area;
  return best;
}
