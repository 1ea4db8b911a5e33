/** Words round a surface: names and ticks of its axes, the ball, and what is pointed at, drawn over either painter. */
import { project, type Orbit, type Viewport } from '#app/scene/camera.ts';
import { Occupancy, placeAt } from '#app/scene/labels.ts';
import type { Palette } from './palette.ts';
import type { FrameAxis } from './surface-frame.ts';

const tickSize = 10.5;
const nameSize = 11.5;
const tickGap = 10;
const nameGap = 34;

const points = new Float32Array(6);
const seen = new Float32Array(6);

export class SurfaceWords {
  readonly #occupancy = new Occupancy();
  #family = 'system-ui, sans-serif';

  /** Sets the font family as CSS writes it. */
  setFont(family: string): void {
    this.#family = family;
  }

  drawAxes(context: CanvasRenderingContext2D, axes: readonly FrameAxis[], palette: Palette, orbit: Orbit, viewport: Viewport): void {
    this.#occupancy.reset(viewport.width, viewport.height);
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    for (const { from, to, outward, name, ticks } of axes) {
      const middle = [0, 1, 2].map((axis) => (from[axis] + to[axis]) / 2);
      points.set(middle);
      points.set(
        middle.map((value, axis) => value + (outward?.[axis] ?? 0)),
        3,
      );
      project(orbit, viewport, points, 2, seen);
      const [dx, dy] = outward ? [seen[3] - seen[0], seen[4] - seen[1]] : [-1, 0];
      const length = Math.hypot(dx, dy) || 1;
      const [x, y] = [dx / length, dy / length];
      context.font = `${tickSize}px ${this.#family}`;
      context.fillStyle = palette['ink-2'].css;
      context.strokeStyle = palette['line-strong'].css;
      context.lineWidth = 1;
      let widest = 0;
      for (const { at, label } of ticks) {
        points.set(at);
        project(orbit, viewport, points, 1, seen);
        const width = context.measureText(label).width;
        widest = Math.max(widest, width);
        const reach = tickGap + (Math.abs(x) * width + Math.abs(y) * tickSize) / 2;
        const place = placeAt(this.#occupancy, [seen[0] + x * reach, seen[1] + y * reach], 1, width, tickSize, 1);
        if (!place) continue;
        context.beginPath();
        context.moveTo(seen[0], seen[1]);
        context.lineTo(seen[0] + x * 5, seen[1] + y * 5);
        context.stroke();
        context.fillText(label, place.x, place.y);
      }
      context.font = `${nameSize}px ${this.#family}`;
      context.fillStyle = palette.ink.css;
      const width = context.measureText(name).width;
      points.set(outward ? middle : to);
      project(orbit, viewport, points, 1, seen);
      const away = outward ? nameGap + Math.abs(x) * (width / 2 + widest / 3) : 0;
      const clampX = (value: number): number => Math.min(viewport.width - width / 2 - 4, Math.max(width / 2 + 4, value));
      const [nameX, nameY] = outward ? [seen[0] + x * away, seen[1] + y * away] : [seen[0], seen[1] - 18];
      const candidates = [clampX(nameX), nameY, clampX(nameX), nameY + 16, clampX(nameX), nameY - 16];
      const place = placeAt(this.#occupancy, candidates, 3, width, nameSize, 1);
      if (place) context.fillText(name, place.x, place.y);
    }
  }

  /** The ball on the path. @param hidden drawn as an outline, since the surface lies before it */
  drawBall(context: CanvasRenderingContext2D, x: number, y: number, hidden: boolean, palette: Palette): void {
    context.lineWidth = 2;
    context.beginPath();
    context.arc(x, y, 6, 0, 2 * Math.PI);
    context.fillStyle = palette.f4.css;
    context.strokeStyle = hidden ? palette.f4.css : palette.ground.css;
    if (!hidden) context.fill();
    context.stroke();
  }

  /** A mark at a vertex and what it says. */
  drawPointed(context: CanvasRenderingContext2D, x: number, y: number, text: string, palette: Palette, viewport: Viewport): void {
    for (const [colour, thickness] of [
      ['#000000', 4],
      ['#ffffff', 2],
    ] as const) {
      context.strokeStyle = colour;
      context.lineWidth = thickness;
      context.beginPath();
      context.arc(x, y, 5, 0, 2 * Math.PI);
      context.stroke();
    }
    context.font = `600 12px ${this.#family}`;
    context.textAlign = 'left';
    context.textBaseline = 'middle';
    const width = context.measureText(text).width + 16;
    const left = Math.min(viewport.width - width - 4, Math.max(4, x - width / 2));
    const top = y > 44 ? y - 38 : y + 14;
    context.fillStyle = palette.raised.css;
    context.strokeStyle = palette['line-strong'].css;
    context.lineWidth = 1;
    context.beginPath();
    context.rect(left, top, width, 24);
    context.fill();
    context.stroke();
    context.fillStyle = palette.ink.css;
    context.fillText(text, left + 8, top + 12.5);
  }
}
