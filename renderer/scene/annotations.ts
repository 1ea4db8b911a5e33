/** Words in a scene: names of groups and points, and the axes, drawn over either painter. Nothing here ever overlaps. */
import type { SceneSpec } from '#app/figures/scene.ts';
import type { SceneBuffers } from './buffers.ts';
import { viewBasis } from '#app/scene/camera.ts';
import type { Orbit, Viewport } from '#app/scene/camera.ts';
import { nearness, sizeAt } from '#app/scene/depth.ts';
import { Occupancy, placeAt, placeBeside } from '#app/scene/labels.ts';
import type { Colour, Palette } from './palette.ts';

const nameSize = 14;
const detailSize = 11;
const pointSize = 10.5;
/** Px between the lines of a group's label. */
const leading = 5;
/** Groups smaller than this on screen name only the hovered point. */
const smallestLabelled = 22;
/** Groups fainter than this do not name their points. */
const faintestLabelled = 0.35;
const gizmo = { length: 30, size: 116 };

interface Fonts {
  name: string;
  detail: string;
  point: string;
  strong: string;
}

export class Annotations {
  readonly #occupancy = new Occupancy();
  readonly #basis = new Float64Array(9);
  readonly #candidates = new Float64Array(10);
  readonly #widths = new Map<string, Map<string, number>>();
  #fonts: Fonts = fontsOf('system-ui, sans-serif');
  #shown = new Uint8Array(0);
  #priority: number[] = [];
  #extents = new Float32Array(0);
  #structure = -1;
  #corner = 0;

  /** Sets the font family as CSS writes it. */
  setFont(family: string): void {
    this.#fonts = fontsOf(family);
    this.#widths.clear();
  }

  /**
   * @param context scaled so that its units are CSS px
   * @param radius px of a living point at middle depth
   * @param hovered index of the point under the pointer, or -1
   */
  draw(
    context: CanvasRenderingContext2D,
    buffers: SceneBuffers,
    palette: Palette,
    orbit: Orbit,
    viewport: Viewport,
    axes: SceneSpec['axes'],
    radius: number,
    range: number,
    hovered: number,
  ): void {
    if (this.#structure !== buffers.structure) {
      this.#structure = buffers.structure;
      this.#shown = new Uint8Array(buffers.count);
      this.#extents = new Float32Array(buffers.groups.length * 4);
      this.#priority = buffers.groups.map((_, index) => index);
    }
    const occupancy = this.#occupancy;
    occupancy.reset(viewport.width, viewport.height);
    this.#measure(buffers, radius, range);
    this.#priority.sort((a, b) => importance(buffers, b) - importance(buffers, a) || a - b);

    context.save();
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.lineJoin = 'round';
    this.#drawAxes(context, buffers, palette, orbit, viewport, axes);
    for (let point = 0; point < buffers.count; point++) {
      const x = buffers.screen[point * 3];
      const y = buffers.screen[point * 3 + 1];
      const reach = radius * buffers.size[buffers.groupOf[point]] * sizeAt(nearness(buffers.screen[point * 3 + 2], range)) + 1;
      occupancy.take(x - reach, y - reach, x + reach, y + reach);
    }
    for (const index of this.#priority) this.#drawName(context, buffers, palette, index);
    if (hovered >= 0 && hovered < buffers.count) this.#drawPoint(context, buffers, palette, radius, range, hovered, 0.5, true);
    this.#drawPoints(context, buffers, palette, radius, range, hovered);
    context.restore();
  }

  /** Screen extent of every group: left, top, right, bottom, discs included. */
  #measure(buffers: SceneBuffers, radius: number, range: number): void {
    const { screen } = buffers;
    for (let index = 0; index < buffers.groups.length; index++) {
      const { first, count } = buffers.groups[index];
      let left = Infinity;
      let top = Infinity;
      let right = -Infinity;
      let bottom = -Infinity;
      for (let point = first; point < first + count; point++) {
        const reach = radius * sizeAt(nearness(screen[point * 3 + 2], range));
        left = Math.min(left, screen[point * 3] - reach);
        right = Math.max(right, screen[point * 3] + reach);
        top = Math.min(top, screen[point * 3 + 1] - reach);
        bottom = Math.max(bottom, screen[point * 3 + 1] + reach);
      }
      this.#extents[index * 4] = left;
      this.#extents[index * 4 + 1] = top;
      this.#extents[index * 4 + 2] = right;
      this.#extents[index * 4 + 3] = bottom;
    }
  }

  #drawName(context: CanvasRenderingContext2D, buffers: SceneBuffers, palette: Palette, index: number): void {
    const { group } = buffers.groups[index];
    if (group.label === '') return;
    // The dying are named in small print and without detail, so that they leave room to the living.
    const dying = group.vitality < 0.5 && index !== buffers.hovered;
    const font = dying ? this.#fonts.detail : this.#fonts.name;
    const nameHeight = dying ? detailSize : nameSize;
    const nameWidth = this.#width(context, font, group.label);
    const detailWidth = group.detail === '' || dying ? 0 : this.#width(context, this.#fonts.detail, group.detail);
    const width = Math.max(nameWidth, detailWidth);
    const height = nameHeight + (detailWidth > 0 ? leading + detailSize : 0);
    const x = buffers.centresOnScreen[index * 3];
    const y = buffers.centresOnScreen[index * 3 + 1];
    const candidates = this.#candidates;
    candidates[0] = x;
    candidates[1] = y;
    let detailed = detailWidth > 0;
    let place = placeAt(this.#occupancy, candidates, 1, width, height, 2);
    if (!place && detailed && index !== buffers.hovered) {
      place = placeAt(this.#occupancy, candidates, 1, nameWidth, nameHeight, 2);
      if (place) detailed = false;
    }
    if (!place) {
      // Beside the group only when its middle is full, e.g. a cloud that is no ring yet.
      this.#around(index, x, width, height);
      place = placeAt(this.#occupancy, candidates, 2, width, height, 2);
    }
    if (!place) {
      this.#around(index, x, nameWidth, nameHeight);
      place = placeAt(this.#occupancy, candidates, 4, nameWidth, nameHeight, 1);
      detailed = false;
    }
    if (!place) return;
    const alpha = buffers.emphasis[index] * (0.6 + 0.4 * Math.min(1, Math.max(0, group.vitality)));
    const nameY = detailed ? place.y - (leading + detailSize) / 2 : place.y;
    this.#text(context, palette, font, group.label, place.x, nameY, palette[group.colour === 'dead' ? 'ink-3' : group.colour], alpha);
    if (detailed)
      this.#text(context, palette, this.#fonts.detail, group.detail, place.x, place.y + (leading + nameSize) / 2, palette['ink-2'], alpha);
  }

  /** Candidates round a group: above, below, left, right. */
  #around(index: number, x: number, width: number, height: number): void {
    const left = this.#extents[index * 4];
    const top = this.#extents[index * 4 + 1];
    const right = this.#extents[index * 4 + 2];
    const bottom = this.#extents[index * 4 + 3];
    const candidates = this.#candidates;
    candidates[0] = candidates[2] = x;
    candidates[1] = top - height / 2 - 6;
    candidates[3] = bottom + height / 2 + 6;
    candidates[4] = left - width / 2 - 6;
    candidates[6] = right + width / 2 + 6;
    candidates[5] = candidates[7] = (top + bottom) / 2;
  }

  #drawPoints(
    context: CanvasRenderingContext2D,
    buffers: SceneBuffers,
    palette: Palette,
    radius: number,
    range: number,
    hovered: number,
  ): void {
    let longest = 0;
    for (const { labelOrder } of buffers.groups) longest = Math.max(longest, labelOrder.length);
    // Labels on show keep their place before new ones are considered, so that turning the scene makes few of them come and go.
    for (let round = 0; round < 2; round++) {
      for (let rank = 0; rank < longest; rank++) {
        for (const index of this.#priority) {
          const { first, labelOrder } = buffers.groups[index];
          if (rank >= labelOrder.length) continue;
          const point = first + labelOrder[rank];
          if (point === hovered || this.#shown[point] !== 1 - round || !this.#namesPoints(buffers, index)) continue;
          const drawn = this.#drawPoint(context, buffers, palette, radius, range, point, round === 0 ? 1.5 : 5, false);
          // 2 marks a label placed in this frame, so that the second round does not ask again for one that just went.
          this.#shown[point] = drawn ? 3 : 2;
        }
      }
    }
    for (let point = 0; point < this.#shown.length; point++) this.#shown[point] = this.#shown[point] === 3 ? 1 : 0;
  }

  #namesPoints(buffers: SceneBuffers, index: number): boolean {
    const width = this.#extents[index * 4 + 2] - this.#extents[index * 4];
    return width > 2 * smallestLabelled && buffers.opacity[index] >= faintestLabelled;
  }

  #drawPoint(
    context: CanvasRenderingContext2D,
    buffers: SceneBuffers,
    palette: Palette,
    radius: number,
    range: number,
    point: number,
    gap: number,
    strong: boolean,
  ): boolean {
    const index = buffers.groupOf[point];
    const state = buffers.groups[index];
    const label = state.group.labels[point - state.first] ?? '';
    if (label === '') return false;
    const font = strong ? this.#fonts.strong : this.#fonts.point;
    const size = strong ? 13 : pointSize;
    const { screen, centresOnScreen } = buffers;
    const near = nearness(screen[point * 3 + 2], range);
    const place = placeBeside(
      this.#occupancy,
      screen[point * 3],
      screen[point * 3 + 1],
      centresOnScreen[index * 3],
      centresOnScreen[index * 3 + 1],
      radius * buffers.size[index] * sizeAt(near),
      this.#width(context, font, label),
      size,
      gap,
      strong ? 2 : 4,
    );
    if (!place) return false;
    this.#text(
      context,
      palette,
      font,
      label,
      place.x,
      place.y,
      strong ? palette.ink : palette['ink-2'],
      strong ? 1 : buffers.opacity[index] * (0.72 + 0.28 * near),
    );
    return true;
  }

  /** Names of the three axes in a corner that holds no points, kept until points come into it. */
  #drawAxes(
    context: CanvasRenderingContext2D,
    buffers: SceneBuffers,
    palette: Palette,
    orbit: Orbit,
    viewport: Viewport,
    axes: SceneSpec['axes'],
  ): void {
    if ((axes.x === '' && axes.y === '' && axes.z === '') || viewport.width < 3 * gizmo.size) return;
    let free = -1;
    for (let step = 0; step < 4 && free < 0; step++) {
      const corner = (this.#corner + step) % 4;
      if (!holdsPoint(buffers, cornerLeft(corner, viewport), cornerTop(corner, viewport))) free = corner;
    }
    if (free < 0) return;
    this.#corner = free;
    const left = cornerLeft(free, viewport);
    const top = cornerTop(free, viewport);
    const originX = left + gizmo.size / 2;
    const originY = top + gizmo.size / 2 + 8;
    viewBasis(orbit, this.#basis);
    context.lineWidth = 1;
    context.strokeStyle = palette['ink-2'].css;
    for (let axis = 0; axis < 3; axis++) {
      context.globalAlpha = 0.7 + 0.3 * this.#basis[6 + axis];
      context.beginPath();
      context.moveTo(originX, originY);
      context.lineTo(originX + this.#basis[axis] * gizmo.length, originY - this.#basis[3 + axis] * gizmo.length);
      context.stroke();
    }
    for (let axis = 0; axis < 3; axis++) {
      const name = axis === 0 ? axes.x : axis === 1 ? axes.y : axes.z;
      const dx = this.#basis[axis];
      const dy = -this.#basis[3 + axis];
      const shown = Math.hypot(dx, dy);
      if (name === '' || shown < 0.2) continue;
      const width = this.#width(context, this.#fonts.detail, name);
      const reach = (Math.abs(dx) * width + Math.abs(dy) * detailSize) / 2 / shown + 5;
      const wantedX = originX + dx * gizmo.length + (dx / shown) * reach;
      const wantedY = originY + dy * gizmo.length + (dy / shown) * reach;
      const candidates = this.#candidates;
      for (let attempt = 0; attempt < 5; attempt++) {
        candidates[attempt * 2] = Math.min(viewport.width - width / 2 - 4, Math.max(width / 2 + 4, wantedX));
        candidates[attempt * 2 + 1] = wantedY + (attempt % 2 === 0 ? -6 : 6) * Math.ceil(attempt / 2) * 2;
      }
      const place = placeAt(this.#occupancy, candidates, 5, width, detailSize, 1);
      if (place) this.#text(context, palette, this.#fonts.detail, name, place.x, place.y, palette['ink-2'], 1);
    }
    this.#occupancy.take(left, top, left + gizmo.size, top + gizmo.size);
  }

  #text(
    context: CanvasRenderingContext2D,
    palette: Palette,
    font: string,
    text: string,
    x: number,
    y: number,
    colour: Colour,
    alpha: number,
  ): void {
    context.font = font;
    context.globalAlpha = alpha;
    // A rim in the ground's colour keeps text legible where a link passes under it.
    context.lineWidth = 3;
    context.strokeStyle = palette.ground.css;
    context.strokeText(text, x, y);
    context.fillStyle = colour.css;
    context.fillText(text, x, y);
  }

  #width(context: CanvasRenderingContext2D, font: string, text: string): number {
    let widths = this.#widths.get(font);
    if (!widths || widths.size > 4000) this.#widths.set(font, (widths = new Map<string, number>()));
    let width = widths.get(text);
    if (width === undefined) {
      context.font = font;
      width = context.measureText(text).width;
      widths.set(text, width);
    }
    return width;
  }
}

function fontsOf(family: string): Fonts {
  return {
    name: `600 ${nameSize}px ${family}`,
    detail: `400 ${detailSize}px ${family}`,
    point: `400 ${pointSize}px ${family}`,
    strong: `600 13px ${family}`,
  };
}

/** Hovered before others, then the living before the dying. */
function importance(buffers: SceneBuffers, index: number): number {
  return (index === buffers.hovered ? 10 : 0) + buffers.groups[index].group.vitality;
}

/** Corners in the order of preference: bottom left, bottom right, top left, top right. */
function cornerLeft(corner: number, viewport: Viewport): number {
  return corner % 2 === 0 ? 0 : viewport.width - gizmo.size;
}

function cornerTop(corner: number, viewport: Viewport): number {
  return corner < 2 ? viewport.height - gizmo.size : 0;
}

function holdsPoint(buffers: SceneBuffers, left: number, top: number): boolean {
  for (let point = 0; point < buffers.count; point++) {
    const x = buffers.screen[point * 3];
    const y = buffers.screen[point * 3 + 1];
    if (x > left && x < left + gizmo.size && y > top && y < top + gizmo.size) return true;
  }
  return false;
}
