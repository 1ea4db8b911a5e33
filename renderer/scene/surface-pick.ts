/** What lies under the pointer on a surface. Screen units are px. */
import type { SurfaceBuffers } from './surface-buffers.ts';

/**
 * The vertex of the foremost triangle under the pointer that is nearest to it, or -1 beside the surface.
 * @param screen projected vertices: x, y and height towards the viewer
 */
export function pickVertex({ index, indexCount }: SurfaceBuffers, screen: Float32Array, x: number, y: number): number {
  let foremost = -Infinity;
  let picked = -1;
  for (let at = 0; at < indexCount; at += 3) {
    const [a, b, c] = [index[at] * 3, index[at + 1] * 3, index[at + 2] * 3];
    const [ax, ay] = [screen[a], screen[a + 1]];
    const [bx, by] = [screen[b] - ax, screen[b + 1] - ay];
    const [cx, cy] = [screen[c] - ax, screen[c + 1] - ay];
    const area = bx * cy - by * cx;
    if (area === 0) continue;
    const v = ((x - ax) * cy - (y - ay) * cx) / area;
    const w = (bx * (y - ay) - by * (x - ax)) / area;
    if (v < 0 || w < 0 || v + w > 1) continue;
    const towards = screen[a + 2] * (1 - v - w) + screen[b + 2] * v + screen[c + 2] * w;
    if (towards <= foremost) continue;
    foremost = towards;
    const away = (vertex: number): number => (screen[vertex] - x) ** 2 + (screen[vertex + 1] - y) ** 2;
    const [toA, toB, toC] = [away(a), away(b), away(c)];
    picked = (toA <= toB && toA <= toC ? a : toB <= toC ? b : c) / 3;
  }
  return picked;
}
