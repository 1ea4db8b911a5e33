/** Draws scene buffers on a 2D canvas, with the same projection and depth cues: used where there is no WebGL. */
import type { ColourToken } from '#app/figures/spec.ts';
import type { SceneBuffers } from './buffers.ts';
import { colourShareAt, nearness, sizeAt } from '#app/scene/depth.ts';
import type { Palette } from './palette.ts';

/** Shades a colour is prepared in, from farthest to nearest, so that drawing makes no strings. */
const shades = 12;
const prepared = new WeakMap<Palette, Map<string, string[]>>();

function shadesOf(palette: Palette, token: ColourToken): string[] {
  let colours = prepared.get(palette);
  if (!colours) prepared.set(palette, (colours = new Map()));
  let list = colours.get(token);
  if (!list) {
    const { rgb } = palette[token];
    const ground = palette.ground.rgb;
    list = Array.from({ length: shades }, (_, shade) => {
      const share = colourShareAt(shade / (shades - 1));
      const channels = rgb.map((value, index) => Math.round(255 * (ground[index] + (value - ground[index]) * share)));
      return `rgb(${channels.join(' ')})`;
    });
    colours.set(token, list);
  }
  return list;
}

/**
 * @param context scaled so that its units are CSS px
 * @param radius CSS px of a living point at middle depth
 * @param range half-range of heights in world units
 */
export function drawFlat(context: CanvasRenderingContext2D, buffers: SceneBuffers, palette: Palette, radius: number, range: number): void {
  const { screen, links, groupOf, opacity, size, order } = buffers;
  context.save();
  context.lineCap = 'round';
  for (let link = 0; link < buffers.linkCount; link++) {
    const from = links[link * 2] * 3;
    const to = links[link * 2 + 1] * 3;
    const group = groupOf[links[link * 2]];
    const near = nearness((screen[from + 2] + screen[to + 2]) / 2, range);
    context.strokeStyle = shadesOf(palette, buffers.groups[group].group.colour)[Math.round(near * (shades - 1))];
    context.globalAlpha = opacity[group] * (0.35 + 0.5 * near);
    context.lineWidth = 0.9 + 0.8 * near;
    context.beginPath();
    context.moveTo(screen[from], screen[from + 1]);
    context.lineTo(screen[to], screen[to + 1]);
    context.stroke();
  }
  for (let place = 0; place < buffers.count; place++) {
    const point = order[place];
    const group = groupOf[point];
    const near = nearness(screen[point * 3 + 2], range);
    context.fillStyle = shadesOf(palette, buffers.groups[group].group.colour)[Math.round(near * (shades - 1))];
    context.globalAlpha = opacity[group];
    context.beginPath();
    context.arc(screen[point * 3], screen[point * 3 + 1], Math.max(radius * size[group] * sizeAt(near), 0.75), 0, 2 * Math.PI);
    context.fill();
  }
  context.restore();
}
