import { tokens } from '#app/figures/colours.ts';
import type { SceneSpec } from '#app/figures/scene.ts';
import type { Theme } from '#app/figures/spec.ts';
import { extentOf, project, type View } from './project.ts';

/** Groups fainter than this are left out of a small picture. */
const leastVitality = 0.15;

/** Draws a scene small: lines, points and nothing to read. */
export function drawScene(context: CanvasRenderingContext2D, spec: SceneSpec, theme: Theme, view: View, pixelRatio: number): void {
  context.resetTransform();
  context.clearRect(0, 0, context.canvas.width, context.canvas.height);
  context.setTransform(pixelRatio, 0, 0, pixelRatio, 0, 0);
  const groups = spec.groups.filter((group) => group.vitality >= leastVitality);
  const radius = extentOf(groups);
  for (const group of groups) {
    const [cx, cy, cz] = group.centre;
    const count = group.positions.length / 3;
    const points = Array.from({ length: count }, (_, i) =>
      project(radius, cx + group.positions[3 * i]!, cy + group.positions[3 * i + 1]!, cz + group.positions[3 * i + 2]!, view),
    );
    context.strokeStyle = context.fillStyle = tokens[theme][group.colour];
    context.globalAlpha = 0.35 * group.vitality;
    context.lineWidth = 1;
    context.beginPath();
    for (let i = 0; i < group.links.length; i += 2) {
      const from = points[group.links[i]!];
      const to = points[group.links[i + 1]!];
      if (!from || !to) continue;
      context.moveTo(from.x, from.y);
      context.lineTo(to.x, to.y);
    }
    context.stroke();
    for (const { x, y, depth } of points) {
      context.globalAlpha = group.vitality * (0.65 + 0.35 * Math.max(-1, Math.min(1, depth)));
      context.beginPath();
      context.arc(x, y, (count === 1 ? 2.6 : 1.3) + 0.5 * depth, 0, 2 * Math.PI);
      context.fill();
    }
  }
  context.globalAlpha = 1;
}
