/** How the cells of a map are painted on a canvas. */
import { contrast, sequentialColour, tokens } from '#app/figures/colours.ts';
import type { Theme } from '#app/figures/spec.ts';
import type { Experiment, OutcomeInfo } from '#app/experiments/experiment.ts';
import { disagreement, type MapCell } from '#app/sweeps/map.ts';
import type { SmoothMap } from '#app/sweeps/smooth.ts';
import type { Box } from './geometry.ts';

/** Colour of a value; null for one that has none. */
export type Colouring = (value: number | string | null) => string | null;

/** @param domain ends of the colours of a number */
export function colouring(experiment: Experiment, outcome: OutcomeInfo, domain: readonly [number, number], theme: Theme): Colouring {
  if (outcome.kind === 'phase') {
    const colours = new Map(experiment.phases.map(({ id, colour }) => [id, tokens[theme][colour]]));
    return (value) => (typeof value === 'string' ? (colours.get(value) ?? null) : null);
  }
  return (value) => (typeof value === 'number' ? sequentialColour(shareOf(value, domain, outcome.scale)) : null);
}

/** Place of a number between the ends of the colours. */
export function shareOf(value: number, [low, high]: readonly [number, number], scale: 'linear' | 'log' = 'linear'): number {
  if (high === low) return 0.5;
  return scale === 'log' && low > 0 ? Math.log(value / low) / Math.log(high / low) : (value - low) / (high - low);
}

/** The lines that hatch a cell: seeds that disagree rise, everything else that an experiment hatches falls. */
export type HatchKind = 'rising' | 'falling';
export const hatchKinds = (hatches: readonly string[]): HatchKind[] => {
  const kinds: HatchKind[] = [];
  if (hatches.includes(disagreement.id)) kinds.push('rising');
  if (hatches.some((id) => id !== disagreement.id)) kinds.push('falling');
  return kinds;
};

/** Distance of hatching lines, in px. */
const hatchPitch = 8;

/** A repeating tile of hatching lines; they run on from cell to cell. */
export function hatchTile(kind: HatchKind, colour: string, ratio: number): HTMLCanvasElement {
  const tile = document.createElement('canvas');
  const side = Math.round(hatchPitch * ratio);
  tile.width = tile.height = side;
  const context = tile.getContext('2d');
  if (!context) return tile;
  context.strokeStyle = colour;
  context.lineWidth = 1.2 * ratio;
  context.beginPath();
  for (const shift of [-side, 0, side]) {
    const [from, to] = kind === 'rising' ? [side, 0] : [0, side];
    context.moveTo(shift - 1, from + (kind === 'rising' ? 1 : -1));
    context.lineTo(shift + side + 1, to + (kind === 'rising' ? -1 : 1));
  }
  context.stroke();
  return tile;
}

const lineColours = new Map<string, string>();

/** Lines that show on a colour: dark on light ones, light on dark ones. */
export function hatchColour(fill: string): string {
  let colour = lineColours.get(fill);
  if (colour === undefined) {
    colour = contrast(fill, '#ffffff') < 4 ? 'rgba(8, 12, 17, 0.7)' : 'rgba(255, 255, 255, 0.62)';
    lineColours.set(fill, colour);
  }
  return colour;
}

/** What is painted of a cell. */
export type Painted = Pick<MapCell, 'value' | 'state' | 'hatches' | 'finished' | 'diverged' | 'failed' | 'trials'>;

export interface Painter {
  /** Paints one cell over whatever was there. */
  cell(cell: Painted, box: Box): void;
  /** Hatching and cross of a cell whose colour is there already. */
  over(cell: Painted, box: Box): void;
  /** Paints a whole map of phases with smooth boundaries, the first row at the foot. @param ids of the phases that its values number */
  smooth(map: SmoothMap, ids: readonly string[], width: number, height: number): void;
}

/** Cells with sides below this, in px, have no gaps between them. */
const gapFrom = 7;

/**
 * A painter of one canvas, whose context is scaled by `ratio`. A cell grows with the seeds it has; if they are `dotted`, those that were trained;
 * a cell without a value has a cross if it diverged.
 */
export function painterOf(context: CanvasRenderingContext2D, theme: Theme, ratio: number, colours: Colouring, dotted = false): Painter {
  const palette = tokens[theme];
  const patterns = new Map<string, CanvasPattern | null>();
  const patternOf = (kind: HatchKind, fill: string): CanvasPattern | null => {
    const lines = hatchColour(fill);
    const name = `${kind} ${lines}`;
    let pattern = patterns.get(name);
    if (pattern === undefined) {
      pattern = context.createPattern(hatchTile(kind, lines, ratio), 'repeat');
      pattern?.setTransform(new DOMMatrix().scale(1 / ratio));
      patterns.set(name, pattern);
    }
    return pattern;
  };

  const hatch = (hatches: readonly string[], fill: string, { x, y, width, height }: Box): void => {
    for (const kind of hatchKinds(hatches)) {
      const pattern = patternOf(kind, fill);
      if (!pattern) continue;
      context.fillStyle = pattern;
      context.fillRect(x, y, width, height);
    }
  };
  const mark = ({ value, diverged, failed }: Painted, box: Box): void => {
    if (failed > 0 || (colours(value) === null && diverged > 0)) cross(context, box, failed > 0 ? palette.bad : palette['ink-3']);
  };

  return {
    cell(cell, box) {
      const { value, state, hatches, finished, diverged, failed, trials } = cell;
      const gap = Math.min(box.width, box.height) >= gapFrom ? 1 : 0;
      const { x, y } = box;
      const [width, height] = [box.width - gap, box.height - gap];
      context.globalAlpha = 1;
      const colour = colours(value);
      // What covers its whole box needs no ground below it.
      const covers = gap === 0 && colour !== null && state !== 'partial';
      context.fillStyle = covers ? colour : palette.ground;
      context.fillRect(box.x, box.y, box.width, box.height);
      if (trials.length > 0 && !covers) {
        // A frame, unlike any phase's colour: nothing is known here yet.
        context.fillStyle = palette.line;
        context.fillRect(x, y, width, height);
        context.fillStyle = palette.panel;
        if (gap > 0) context.fillRect(x + 1, y + 1, width - 2, height - 2);
      }
      if (colour !== null) {
        const told = trials.length === 0 ? 1 : (finished + diverged + failed) / trials.length;
        const side = state === 'partial' && gap > 0 ? Math.sqrt(told) : 1;
        if (state === 'partial' && gap === 0) context.globalAlpha = 0.35 + 0.65 * told;
        const inner = { x: x + ((1 - side) * width) / 2, y: y + ((1 - side) * height) / 2, width: side * width, height: side * height };
        if (!covers) {
          context.fillStyle = colour;
          context.fillRect(inner.x, inner.y, inner.width, inner.height);
        }
        context.globalAlpha = 1;
        hatch(hatches, colour, inner);
        if (dotted && state !== 'inferred') dot(context, box, hatchColour(colour));
      }
      mark(cell, box);
    },
    over(cell, box) {
      const colour = colours(cell.value);
      if (colour !== null) hatch(cell.hatches, colour, box);
      mark(cell, box);
    },
    smooth({ columns, rows, values }, ids, width, height) {
      const picture = document.createElement('canvas');
      [picture.width, picture.height] = [columns, rows];
      const pixels = picture.getContext('2d');
      if (!pixels) return;
      const image = pixels.createImageData(columns, rows);
      const colourOf = ids.map((id) => channels(colours(id) ?? palette.ground));
      const ground = channels(palette.ground);
      values.forEach((value, index) => {
        const row = rows - 1 - Math.floor(index / columns);
        image.data.set(colourOf[value] ?? ground, 4 * (row * columns + (index % columns)));
      });
      pixels.putImageData(image, 0, 0);
      context.drawImage(picture, 0, 0, width, height);
    },
  };
}

/** A dot in the middle of a cell that has room for it. */
function dot(context: CanvasRenderingContext2D, box: Box, colour: string): void {
  const side = Math.min(box.width, box.height);
  if (side < 5) return;
  const radius = Math.max(0.75, Math.min(2.25, 0.08 * side));
  context.fillStyle = colour;
  context.beginPath();
  context.arc(box.x + box.width / 2, box.y + box.height / 2, radius, 0, 2 * Math.PI);
  context.fill();
}

/** A small cross in the middle of a cell. */
function cross(context: CanvasRenderingContext2D, box: Box, colour: string): void {
  const arm = Math.max(1.5, Math.min(5, 0.22 * Math.min(box.width, box.height)));
  const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
  context.strokeStyle = colour;
  context.lineWidth = 1.5;
  context.beginPath();
  context.moveTo(x - arm, y - arm);
  context.lineTo(x + arm, y + arm);
  context.moveTo(x + arm, y - arm);
  context.lineTo(x - arm, y + arm);
  context.stroke();
}

/** Red, green, blue and opacity of `#rrggbb`, 0 .. 255. */
const channels = (colour: string): number[] => [...[1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16)), 255];
