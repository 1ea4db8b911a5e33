/** Places for labels that do not cover each other. */

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

const overlap = (a: Box, b: Box): boolean => a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height;
const inside = (a: Box, frame: Box): boolean =>
  a.x >= frame.x && a.y >= frame.y && a.x + a.width <= frame.x + frame.width && a.y + a.height <= frame.y + frame.height;

/**
 * Moves heights apart until neighbours keep `gap`, each as near to where it wants to be as the others allow.
 * @returns heights in the order given, all within low .. high if they fit at all
 */
export function spread(wanted: readonly number[], gap: number, low: number, high: number): number[] {
  const order = wanted.map((_, index) => index).sort((a, b) => wanted[a] - wanted[b] || a - b);
  // Pool adjacent violators: clusters of touching labels sit around the mean of what their members want.
  const clusters: { members: number[]; middle: number }[] = [];
  for (const index of order) {
    let cluster = { members: [index], middle: wanted[index] };
    for (;;) {
      const previous = clusters[clusters.length - 1];
      const room = previous ? (gap * (previous.members.length + cluster.members.length)) / 2 : 0;
      if (!previous || cluster.middle - previous.middle >= room) break;
      clusters.pop();
      const members = [...previous.members, ...cluster.members];
      const mean =
        members.reduce((sum, member, place) => sum + wanted[member] - gap * (place - (members.length - 1) / 2), 0) / members.length;
      cluster = { members, middle: mean };
    }
    clusters.push(cluster);
  }
  const heights = new Array<number>(wanted.length);
  for (const { members, middle } of clusters)
    members.forEach((member, place) => (heights[member] = middle + gap * (place - (members.length - 1) / 2)));
  let limit = low;
  for (const index of order) {
    heights[index] = Math.max(heights[index], limit);
    limit = heights[index] + gap;
  }
  limit = high;
  for (const index of order.toReversed()) {
    heights[index] = Math.min(heights[index], limit);
    limit = heights[index] - gap;
  }
  return heights;
}

export interface Place {
  /** Left edge and baseline-free box of the label. */
  readonly box: Box;
  /** True if it is so far off that a line should lead to it. */
  readonly led: boolean;
}

/**
 * A free box for each label beside its point, tried nearest first; null where none is free.
 * @param points centres; `label` null for points that only take room
 * @param size width and height of a label
 */
export function placeBeside(
  points: readonly { readonly x: number; readonly y: number; readonly label: string | null }[],
  radius: number,
  size: (label: string) => { width: number; height: number },
  frame: Box,
): (Place | null)[] {
  const taken: Box[] = points.map(({ x, y }) => ({ x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius }));
  return points.map((point) => {
    if (point.label === null) return null;
    const { width, height } = size(point.label);
    for (const distance of [radius + 3, radius + 9, radius + 18, radius + 30, radius + 44]) {
      for (const [dx, dy] of [
        [1, 0],
        [-1, 0],
        [0, -1],
        [0, 1],
        [0.75, -0.75],
        [0.75, 0.75],
        [-0.75, -0.75],
        [-0.75, 0.75],
      ]) {
        const box = {
          x: point.x + dx * distance - (dx > 0 ? 0 : dx < 0 ? width : width / 2),
          y: point.y + dy * distance - (dy > 0 ? 0 : dy < 0 ? height : height / 2),
          width,
          height,
        };
        if (!inside(box, frame) || taken.some((other) => overlap(box, other))) continue;
        taken.push(box);
        return { box, led: distance > radius + 9 };
      }
    }
    return null;
  });
}
