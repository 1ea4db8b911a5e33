/** How the cells of a map are painted on a canvas. */
import { contrast, sequentialColour, tokens } from '#app/figures/colours.ts';
import type { Theme } from '#app/figures/spec.ts';
import type { Experiment, OutcomeInfo } from '#app/experiments/experiment.ts';
import { disagreement, type MapCell } from '#app/sweeps/map.ts';
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

export interface Painter {
  /** Paints one cell over whatever was there. */
  cell(cell: Pick<MapCell, 'value' | 'state' | 'hatches' | 'finished' | 'diverged' | 'failed' | 'trials'>, box: Box): void;
}

/** Cells with sides below this, in px, have no gaps between them. */
const gapFrom = 7;

/**
 * A painter of one canvas, whose context is scaled by `ratio`. A cell grows with the seeds it has; what is inferred is paler;
 * a cell without a value has a cross if it diverged.
 */
export function painterOf(context: CanvasRenderingContext2D, theme: Theme, ratio: number, colours: Colouring): Painter {
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

  return {
    cell({ value, state, hatches, finished, diverged, failed, trials }, box) {
      const gap = Math.min(box.width, box.height) >= gapFrom ? 1 : 0;
      const { x, y } = box;
      const [width, height] = [box.width - gap, box.height - gap];
      context.globalAlpha = 1;
      context.fillStyle = palette.ground;
      context.fillRect(box.x, box.y, box.width, box.height);
      if (trials.length > 0) {
        // A frame, unlike any phase's colour: nothing is known here yet.
        context.fillStyle = palette.line;
        context.fillRect(x, y, width, height);
        context.fillStyle = palette.panel;
        if (gap > 0) context.fillRect(x + 1, y + 1, width - 2, height - 2);
      }
      const colour = colours(value);
      if (colour !== null) {
        const told = trials.length === 0 ? 1 : (finished + diverged + failed) / trials.length;
        const side = state === 'partial' && gap > 0 ? Math.sqrt(told) : 1;
        if (state === 'inferred') context.globalAlpha = 0.5;
        else if (state === 'partial' && gap === 0) context.globalAlpha = 0.35 + 0.65 * told;
        const inner = { x: x + ((1 - side) * width) / 2, y: y + ((1 - side) * height) / 2, width: side * width, height: side * height };
        context.fillStyle = colour;
        context.fillRect(inner.x, inner.y, inner.width, inner.height);
        context.globalAlpha = 1;
        for (const kind of hatchKinds(hatches)) {
          const pattern = patternOf(kind, colour);
          if (!pattern) continue;
          context.fillStyle = pattern;
          context.fillRect(inner.x, inner.y, inner.width, inner.height);
        }
      }
      if (failed > 0 || (colour === null && diverged > 0)) cross(context, box, failed > 0 ? palette.bad : palette['ink-3']);
    },
  };
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
