/** Draws a surface on a 2D canvas, far cells first: used where there is no WebGL. Orthographic views only. */
import { project, viewBasis, type Orbit, type Viewport } from '#app/scene/camera.ts';
import type { Palette } from './palette.ts';
import type { SurfaceBuffers } from './surface-buffers.ts';

const basis = new Float64Array(9);
let ends = new Float32Array(0);

/**
 * @param context scaled so that its units are CSS px
 * @param screen projected vertices of the surface
 * @param lines of the frame, six numbers a piece
 */
export function drawSurfaceFlat(
  context: CanvasRenderingContext2D,
  buffers: SurfaceBuffers,
  screen: Float32Array,
  lines: Float32Array,
  palette: Palette,
  orbit: Orbit,
  viewport: Viewport,
): void {
  context.save();
  context.lineCap = context.lineJoin = 'round';
  const strokes = (segments: Float32Array, first: number, count: number): void => {
    if (count === 0) return;
    if (ends.length < count * 6) ends = new Float32Array(count * 6);
    project(orbit, viewport, first === 0 ? segments : segments.subarray(first * 6), count * 2, ends);
    context.beginPath();
    for (let segment = 0; segment < count; segment += 1) {
      context.moveTo(ends[segment * 6], ends[segment * 6 + 1]);
      context.lineTo(ends[segment * 6 + 3], ends[segment * 6 + 4]);
    }
    context.stroke();
  };
  context.strokeStyle = palette['line-strong'].css;
  context.lineWidth = 1;
  strokes(lines, 0, lines.length / 6);

  const { columns, rows, heights, colours, segmentStart, segments } = buffers;
  viewBasis(orbit, basis);
  // Rows go away from the viewer along -z: with z towards the viewer the last one is the farthest.
  const fromLastRow = basis[8] >= 0;
  const fromLastColumn = basis[6] < 0;
  for (let i = 0; i + 1 < rows; i += 1) {
    const row = fromLastRow ? rows - 2 - i : i;
    for (let k = 0; k + 1 < columns; k += 1) {
      const column = fromLastColumn ? columns - 2 - k : k;
      const a = row * columns + column;
      const [b, c, d] = [a + 1, a + columns, a + columns + 1];
      if (Number.isNaN(heights[a] + heights[b] + heights[c] + heights[d])) continue;
      const mean = (channel: number): number =>
        Math.round((colours[a * 4 + channel] + colours[b * 4 + channel] + colours[c * 4 + channel] + colours[d * 4 + channel]) / 4);
      context.fillStyle = context.strokeStyle = `rgb(${mean(0)} ${mean(1)} ${mean(2)})`;
      context.lineWidth = 0.75;
      context.beginPath();
      context.moveTo(screen[a * 3], screen[a * 3 + 1]);
      for (const vertex of [b, d, c]) context.lineTo(screen[vertex * 3], screen[vertex * 3 + 1]);
      context.closePath();
      context.fill();
      // Closes the hairline between neighbours that antialiasing leaves.
      context.stroke();
      const cell = row * (columns - 1) + column;
      context.strokeStyle = 'rgb(0 0 0 / 55%)';
      context.lineWidth = 1;
      strokes(segments, segmentStart[cell], segmentStart[cell + 1] - segmentStart[cell]);
    }
  }

  context.strokeStyle = palette.f4.css;
  context.lineWidth = 2.25;
  strokes(buffers.pathSegments, 0, buffers.pathCount);
  context.restore();
}
