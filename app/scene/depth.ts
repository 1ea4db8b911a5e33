/**
 * How distance looks: nearer points are larger and brighter. One rule for the shaders, the flat painter and the labels.
 * `height` is towards the viewer in world units, `range` the half-range of heights on show.
 */

/** Size varies by this fraction either way of the middle. */
export const sizeByDepth = 0.4;
/** Share of its own colour that the farthest point keeps; the rest is the ground's. */
export const farthestColour = 0.58;

/** Nearness from 0 (farthest) to 1 (nearest). */
export function nearness(height: number, range: number): number {
  return range > 0 ? Math.min(1, Math.max(0, 0.5 + (0.5 * height) / range)) : 0.5;
}

export function sizeAt(near: number): number {
  return 1 + sizeByDepth * (2 * near - 1);
}

export function colourShareAt(near: number): number {
  return farthestColour + (1 - farthestColour) * near;
}

/** Opacity of a group by its vitality (1 alive .. 0 dead). */
export function opacityOf(vitality: number): number {
  const alive = Math.min(1, Math.max(0, vitality));
  return 0.16 + 0.84 * alive;
}

/** Size of a group's points by its vitality, relative to a living one's. */
export function sizeOf(vitality: number): number {
  return 0.55 + 0.45 * Math.min(1, Math.max(0, vitality));
}
