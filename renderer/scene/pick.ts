/** What lies under the pointer. Screen units are px. */
import type { SceneBuffers } from './buffers.ts';

export interface Picked {
  group: number;
  /** Index of the point within all points, or -1 when the pointer is on a line between points. */
  point: number;
}

const picked: Picked = { group: -1, point: -1 };

/**
 * The nearest point within `reach` px, the nearer to the viewer of two that overlap; else the nearest link within half of that.
 * Returns the same object every time, or null.
 */
export function pick(buffers: SceneBuffers, x: number, y: number, reach: number): Picked | null {
  const { screen, groupOf, links } = buffers;
  let best = reach * reach;
  let bestHeight = -Infinity;
  picked.point = -1;
  for (let point = 0; point < buffers.count; point++) {
    const dx = screen[point * 3] - x;
    const dy = screen[point * 3 + 1] - y;
    const distance = dx * dx + dy * dy;
    const height = screen[point * 3 + 2];
    if (distance < best - 4 || (distance < best + 4 && distance < reach * reach && height > bestHeight)) {
      best = distance;
      bestHeight = height;
      picked.point = point;
    }
  }
  if (picked.point >= 0) {
    picked.group = groupOf[picked.point];
    return picked;
  }
  best = (reach / 2) * (reach / 2);
  picked.group = -1;
  for (let link = 0; link < buffers.linkCount; link++) {
    const from = links[link * 2] * 3;
    const to = links[link * 2 + 1] * 3;
    const distance = squaredDistanceToSegment(x, y, screen[from], screen[from + 1], screen[to], screen[to + 1]);
    if (distance < best) {
      best = distance;
      picked.group = groupOf[links[link * 2]];
    }
  }
  return picked.group >= 0 ? picked : null;
}

function squaredDistanceToSegment(x: number, y: number, x0: number, y0: number, x1: number, y1: number): number {
  const dx = x1 - x0;
  const dy = y1 - y0;
  const length = dx * dx + dy * dy;
  const along = length > 0 ? Math.min(1, Math.max(0, ((x - x0) * dx + (y - y0) * dy) / length)) : 0;
  const offX = x - (x0 + along * dx);
  const offY = y - (y0 + along * dy);
  return offX * offX + offY * offY;
}
