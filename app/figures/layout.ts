/** Where everything in a figure goes, decided before anything is drawn, so that no label is clipped or covered. */
import { axisDomain, hasPlace } from './domain.ts';
import type { Box } from './labels.ts';
import type { Axis, FigureSpec, Mark } from './spec.ts';
import { shorten, textWidth, wrap } from './text.ts';
import { linearTicks, logTicks, symlogTicks, type Tick } from './ticks.ts';

export type LineMark = Extract<Mark, { kind: 'line' }>;
export type BandMark = Extract<Mark, { kind: 'band' }>;
export type SpanMark = Extract<Mark, { kind: 'span' }>;
export type CellsMark = Extract<Mark, { kind: 'cells' }>;

/** Text sizes in px, as the interface has them. */
export const sizes = { tick: 11, label: 11, title: 13, note: 11, line: 15, titleLine: 17 } as const;

/** White space around a drawing that stands alone. */
export const paperMargin = 12;
/** Height that a drawing which stands alone leaves its plot at least. */
const leastPlot = 96;

export interface Layout {
  readonly width: number;
  readonly height: number;
  /** The area that data are drawn in. */
  readonly frame: Box;
  /** Height that was left for it; square cells may need less. */
  readonly room: number;
  readonly x: { readonly domain: readonly [number, number]; readonly ticks: readonly Tick[] };
  readonly y: { readonly domain: readonly [number, number]; readonly ticks: readonly Tick[] };
  readonly cells: CellsMark | null;
  /** How lines are named: in rows above, at their right ends, or not at all. */
  readonly naming: 'rows' | 'ends' | 'none';
  readonly legend: readonly { readonly mark: LineMark; readonly x: number; readonly y: number }[];
  /** The title, and whether what stands beside it does; else it is the first note. */
  readonly titleLines: readonly string[];
  readonly asideFits: boolean;
  /** Baselines, of the title that of its first line. */
  readonly titleY: number;
  readonly yLabelY: number;
  readonly xLabelY: number;
  readonly notes: readonly { readonly text: string; readonly tone?: 'good' | 'warn' | 'bad'; readonly y: number }[];
}

/** Text of an axis: its label and, in brackets, its unit. */
export const axisText = ({ label, unit }: Axis): string => (unit === '' ? label : `${label} (${unit})`);

const swatch = 14;
const legendGap = 12;
/** Room beside a matrix for the strips that mark coloured rows and columns. */
export const stripRoom = 7;
/** Room right of a matrix for its colour bar with labels. */
const barRoom = 64;

/** What stands right of a map of categories, top to bottom. */
export const keyEntries = (cells: CellsMark): string[] => [
  ...(cells.categories ?? []).map(({ label }) => label),
  ...(cells.hatches ?? []).map(({ label }) => label),
  ...(cells.dots ? [cells.dots.label] : []),
  ...(cells.inner ? [cells.inner.label] : []),
];

/** Room of a swatch and the gap behind it. */
export const keySwatch = 18;

function keyRoom(cells: CellsMark, width: number): number {
  const names = keyEntries(cells);
  const widest = Math.max(0, ...names.map((name) => textWidth(name, sizes.label)));
  return Math.min(0.45 * width, Math.max(cells.scale === 'category' ? 0 : barRoom, names.length > 0 ? widest + keySwatch + 14 : 0));
}

interface Heading {
  readonly titleLines: readonly string[];
  readonly asideFits: boolean;
  readonly notes: readonly { readonly text: string; readonly tone?: 'good' | 'warn' | 'bad' }[];
}

/** Title and notes in lines of some width: a title is not cut while it can be broken, and what stands beside it gives way to it. */
function headingOf({ title, aside, notes = [] }: FigureSpec, width: number): Heading {
  const room = width - 4;
  const bold = sizes.title * 1.05;
  const asideFits = aside === undefined || textWidth(title, bold) + 12 + textWidth(aside, sizes.label) <= room;
  const said = asideFits ? notes : [{ text: aside }, ...notes];
  return {
    titleLines: wrap(title, bold, room).map((line) => shorten(line, sizes.title, room, 600)),
    asideFits,
    notes: said.flatMap((note) => wrap(note.text, sizes.note, width - 8).map((text) => ({ ...note, text }))),
  };
}

/** Height that title and notes take of a drawing of some width, beyond that of one line of title. */
export function wordsHeight(spec: FigureSpec, width: number): number {
  const { titleLines, notes } = headingOf(spec, width);
  return (titleLines.length - 1) * sizes.titleLine + notes.length * sizes.line;
}

/** The height, or as much more as title, legend and notes of a drawing that stands alone need to leave its plot some. */
export function roomyHeight(spec: FigureSpec, width: number, height: number): number {
  let roomy = height;
  // Where the words alone take more than there is, the room that is missing shows bit by bit.
  for (let round = 0; round < 10; round += 1) {
    const { room } = layOut(spec, width, roomy, true);
    if (room >= leastPlot) break;
    roomy += leastPlot - room;
  }
  return roomy;
}

/** Lays a figure out. @param heading whether title and notes are part of the drawing */
export function layOut(spec: FigureSpec, width: number, height: number, heading: boolean): Layout {
  const cells = spec.marks.find((mark) => mark.kind === 'cells') ?? null;
  const named = spec.marks.filter((mark): mark is LineMark => mark.kind === 'line' && mark.legend === true);
  const { titleLines, asideFits, notes: noteLines } = heading ? headingOf(spec, width) : { titleLines: [], asideFits: true, notes: [] };

  const titleY = 14;
  const yLabelY = (heading ? 28 + Math.max(0, titleLines.length - 1) * sizes.titleLine : 2) + 10;
  const captionWidth = axisText(spec.y) === '' ? 0 : textWidth(axisText(spec.y), sizes.label) + 16;
  const bottom = 18 + (axisText(spec.x) === '' ? 0 : 15) + noteLines.length * sizes.line + (noteLines.length > 0 ? 6 : 2);
  const captionBottom = yLabelY + 8;

  const xValues = cells ? [] : valuesAlong(spec, 'x');
  const yValues = cells ? [] : valuesAlong(spec, 'y');
  const onlyLines = spec.marks.every((mark) => mark.kind !== 'points');
  const xDomain = axisDomain(spec.x, xValues, onlyLines);
  const yDomain = axisDomain(spec.y, yValues, false);

  const naming = cells || named.length === 0 ? 'none' : endsFit(named, spec, xDomain, height - captionBottom - bottom) ? 'ends' : 'rows';
  const { items, rows } = naming === 'rows' ? legendRows(named, width, captionWidth, yLabelY) : { items: [], rows: 0 };
  const top = Math.min(height - bottom - 16, captionBottom + rows * sizes.line + (cells ? stripRoom : 2));
  const plotHeight = Math.max(12, height - top - bottom);

  const yTicks = cells ? [] : ticksOf(spec.y, yDomain, Math.max(2, Math.min(8, Math.floor(plotHeight / 30))));
  const yNames = cells ? cells.rows.map((row) => row.label) : yTicks.map((tick) => tick.label);
  let left = Math.min(0.6 * width, Math.max(8, ...yNames.map((name) => textWidth(name, sizes.tick))) + 8 + (cells ? stripRoom : 0));
  const endRoom = naming === 'ends' ? Math.max(...named.map((mark) => textWidth(mark.label, sizes.label, 500))) + 10 : 0;

  let right = cells ? keyRoom(cells, width) : Math.min(width / 3, Math.max(8, endRoom));
  let xTicks: Tick[] = [];
  if (!cells) {
    for (let count = Math.max(2, Math.min(9, Math.floor((width - left - right) / 64))); count >= 1; count -= 1) {
      xTicks = ticksOf(spec.x, xDomain, count);
      if (xTicks.length < 2 || apart(xTicks, spec.x, xDomain, width - left - right)) break;
    }
    const shares = xTicks.map((tick) => ({
      share: position(spec.x.scale, xDomain, tick.value),
      half: textWidth(tick.label, sizes.tick) / 2 + 2,
    }));
    // Either margin narrows the frame and so moves the other end's labels; three rounds settle it.
    for (let round = 0; round < 3; round += 1) {
      const inner = width - left - right;
      right = Math.max(right, ...shares.map(({ share, half }) => Math.min(width / 3, half - (1 - share) * inner)));
      left = Math.max(left, ...shares.map(({ share, half }) => Math.min(width / 3, half - share * inner)));
    }
  }
  let frame: Box = { x: left, y: top, width: Math.max(12, width - left - right), height: plotHeight };
  if (cells) {
    const [columns, lines] = [Math.max(1, cells.columns.length), Math.max(1, cells.rows.length)];
    const side = Math.max(1, Math.min(frame.width / columns, frame.height / lines));
    if (cells.stretched !== true) frame = { ...frame, width: side * columns, height: side * lines };
  }
  const xLabelY = frame.y + frame.height + 30;
  const firstNote = height - 4 - (noteLines.length - 1) * sizes.line;
  return {
    width,
    height,
    frame,
    room: plotHeight,
    x: { domain: xDomain, ticks: xTicks },
    y: { domain: yDomain, ticks: yTicks },
    cells,
    naming,
    legend: items,
    titleLines,
    asideFits,
    titleY,
    yLabelY,
    xLabelY,
    notes: noteLines.map((note, index) => ({ ...note, y: firstNote + index * sizes.line })),
  };
}

/** Place of a value along an axis as a share of its domain; NaN where the scale has none. */
export function position(scale: Axis['scale'], [low, high]: readonly [number, number], value: number): number {
  if (!Number.isFinite(value) || (scale === 'log' && value <= 0)) return Number.NaN;
  const [from, to, at] = [straight(scale, low), straight(scale, high), straight(scale, value)];
  return (at - from) / (to - from);
}

function straight(scale: Axis['scale'], value: number): number {
  if (scale === 'log') return Math.log(value);
  if (scale === 'symlog') return Math.sign(value) * Math.log1p(Math.abs(value));
  return value;
}

function* valuesAlong(spec: FigureSpec, axis: 'x' | 'y'): Generator<number> {
  for (const mark of spec.marks) {
    if (mark.kind === 'line') {
      const [along, across] = axis === 'x' ? [mark.x, mark.y] : [mark.y, mark.x];
      const otherScale = axis === 'x' ? spec.y.scale : spec.x.scale;
      const otherDomain = axis === 'x' ? spec.y.domain : spec.x.domain;
      for (let i = 0; i < Math.min(along.length, across.length); i += 1) {
        const hidden = otherDomain && (across[i] < otherDomain[0] || across[i] > otherDomain[1]);
        if (!hidden && hasPlace(across[i], otherScale)) yield along[i];
      }
    } else if (mark.kind === 'band') {
      for (const values of axis === 'x' ? [mark.x] : [mark.low, mark.high])
        for (let i = 0; i < values.length; i += 1) if (hasPlace(values[i], spec[axis].scale)) yield values[i];
    } else if (mark.kind === 'points') for (const point of mark.points) yield point[axis];
    else if (mark.kind === 'rule' && mark.axis === axis) yield mark.at;
  }
}

function ticksOf(axis: Axis, domain: readonly [number, number], count: number): Tick[] {
  if (axis.scale === 'log') return logTicks(domain, count);
  if (axis.scale === 'category')
    return linearTicks(domain, Math.min(count, Math.floor(domain[1] - domain[0]))).filter((tick) => Number.isInteger(tick.value));
  return axis.scale === 'symlog' ? symlogTicks(domain, count) : linearTicks(domain, count);
}

function apart(ticks: readonly Tick[], axis: Axis, domain: readonly [number, number], width: number): boolean {
  const places = ticks.map((tick) => ({
    at: width * position(axis.scale, domain, tick.value),
    half: textWidth(tick.label, sizes.tick) / 2,
  }));
  return places.every((place, index) => index === 0 || place.at - place.half - (places[index - 1].at + places[index - 1].half) >= 10);
}

/** Names stand at line ends if all lines reach the right edge and the names fit above each other. */
function endsFit(named: readonly LineMark[], spec: FigureSpec, xDomain: readonly [number, number], height: number): boolean {
  if (named.length * sizes.line > height) return false;
  return named.every((mark) => {
    const end = lastPlaced(mark, spec);
    return end !== null && position(spec.x.scale, xDomain, end.x) > 0.97;
  });
}

/** Last point of a line that has a place on both axes, between their ends where these are chosen. */
export function lastPlaced(mark: LineMark, { x, y }: FigureSpec): { readonly x: number; readonly y: number } | null {
  for (let i = Math.min(mark.x.length, mark.y.length) - 1; i >= 0; i -= 1) {
    if (hasPlace(mark.x[i], x.scale) && hasPlace(mark.y[i], y.scale) && isWithin(mark.x[i], x) && isWithin(mark.y[i], y))
      return { x: mark.x[i], y: mark.y[i] };
  }
  return null;
}

const isWithin = (value: number, { domain }: Axis): boolean => !domain || (value >= domain[0] && value <= domain[1]);

/** Legend entries right of the y label where they fit, else in rows below it. */
function legendRows(named: readonly LineMark[], width: number, captionWidth: number, baseline: number) {
  const widths = named.map((mark) => swatch + 4 + textWidth(mark.label, sizes.label) + legendGap);
  const total = widths.reduce((sum, value) => sum + value, 0);
  const beside = captionWidth + total <= width;
  let [x, row] = [beside ? width - total + legendGap : 2, beside ? 0 : 1];
  const items = named.map((mark, index) => {
    if (!beside && x > 2 && x + widths[index] - legendGap > width) [x, row] = [2, row + 1];
    const item = { mark, x, y: baseline + row * sizes.line };
    x += widths[index];
    return item;
  });
  return { items, rows: row };
}
