/** Lines of a figure as uPlot wants them: one increasing x, and for every line a y or null at each of its values. */
import { hasPlace } from '#app/figures/domain.ts';
import type { LineMark } from '#app/figures/layout.ts';
import type { Axis, FigureSpec } from '#app/figures/spec.ts';

export type Column = Float64Array | Float32Array | (number | null)[];

export interface AlignedLines {
  readonly x: Column;
  /** One column a line, as long as `x`. */
  readonly ys: readonly Column[];
}

export const linesOf = (spec: FigureSpec): LineMark[] => spec.marks.filter((mark): mark is LineMark => mark.kind === 'line');

/** True if a figure is made of lines that run from left to right, and rules: then a canvas can draw it live. */
export function isLive(spec: FigureSpec): boolean {
  const lines = linesOf(spec);
  return (
    lines.length > 0 &&
    spec.x.scale !== 'category' &&
    spec.y.scale !== 'category' &&
    spec.marks.every((mark) => mark.kind === 'line' || mark.kind === 'rule') &&
    lines.every((line, index) => (index > 0 && line.x === lines[index - 1].x) || increases(line.x))
  );
}

/**
 * Brings lines onto one x axis. Values without a place on their scale (not finite, or not positive on a logarithmic axis)
 * become null; x values without one are left out. Typed arrays that need no change are passed on as they are.
 */
export function alignLines(lines: readonly LineMark[], xScale: Axis['scale'], yScale: Axis['scale']): AlignedLines {
  if (lines.length === 0) return { x: [], ys: [] };
  const shared = lines.every((line) => sameValues(line.x, lines[0].x));
  if (!shared) return merge(lines, xScale, yScale);
  const { x } = lines[0];
  let first = 0;
  while (first < x.length && !hasPlace(x[first], xScale)) first += 1;
  return { x: column(x, first, x.length, xScale), ys: lines.map((line) => column(line.y, first, x.length, yScale)) };
}

function column(values: ArrayLike<number>, from: number, to: number, scale: Axis['scale']): Column {
  const typed = values instanceof Float64Array || values instanceof Float32Array;
  let whole = typed && values.length >= to;
  for (let index = from; whole && index < to; index += 1) whole = hasPlace(values[index], scale);
  if (whole) return (values as Float64Array).subarray(from, to);
  const out = new Array<number | null>(to - from);
  for (let index = from; index < to; index += 1) out[index - from] = hasPlace(values[index], scale) ? values[index] : null;
  return out;
}

/** Union of all x values; a line has null where it has no point, and is drawn across such gaps. */
function merge(lines: readonly LineMark[], xScale: Axis['scale'], yScale: Axis['scale']): AlignedLines {
  const union = new Set<number>();
  for (const line of lines) {
    for (let index = 0; index < Math.min(line.x.length, line.y.length); index += 1)
      if (hasPlace(line.x[index], xScale)) union.add(line.x[index]);
  }
  const x = Float64Array.from(union).sort();
  const ys = lines.map((line) => {
    const out = new Array<number | null>(x.length).fill(null);
    let at = 0;
    for (let index = 0; index < Math.min(line.x.length, line.y.length); index += 1) {
      if (!hasPlace(line.x[index], xScale)) continue;
      while (x[at] < line.x[index]) at += 1;
      out[at] = hasPlace(line.y[index], yScale) ? line.y[index] : null;
    }
    return out;
  });
  return { x, ys };
}

/** True if every value that is a number is larger than the one before, the first apart. */
function increases(values: ArrayLike<number>): boolean {
  for (let index = 1; index < values.length; index += 1) if (!(values[index] > values[index - 1])) return false;
  return true;
}

function sameValues(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let index = 0; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

/**
 * Index of the line nearest to a height at a place along x, in px, or -1 if none is within `reach`.
 * @param left index of the data point left of the place, `share` how far it is to the next one (0..1)
 * @param toPixel height in px of a value
 */
export function nearestLine(
  ys: readonly Column[],
  left: number,
  share: number,
  height: number,
  reach: number,
  toPixel: (value: number) => number,
): number {
  let best = reach;
  let found = -1;
  ys.forEach((y, index) => {
    const here = y[left] ?? null;
    const next = y[left + 1] ?? here;
    if (here === null || next === null) return;
    const from = toPixel(here);
    const distance = Math.abs(from + (toPixel(next) - from) * share - height);
    if (distance < best) {
      best = distance;
      found = index;
    }
  });
  return found;
}
