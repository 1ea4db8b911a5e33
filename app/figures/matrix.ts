import { divergingColour, sequentialColour } from './colours.ts';
import { drawKey, drawOver } from './map-key.ts';
import { drawSmooth, drawTiles } from './map-tiles.ts';
import { readable } from './format.ts';
import { axisText, keyEntries, sizes, stripRoom, type CellsMark } from './layout.ts';
import type { CellsHeader } from './spec.ts';
import type { Pen } from './pen.ts';
import { shorten, textWidth } from './text.ts';

/** Names, colour strips, highlight and colour bar of a matrix. */
export function finishCells(pen: Pen, cells: CellsMark): void {
  const { layout, options, colour, add } = pen;
  const { frame } = layout;
  const side = frame.width / Math.max(1, cells.columns.length);
  const tall = frame.height / Math.max(1, cells.rows.length);
  if (cells.tiles) drawTiles(pen, cells);
  if (cells.smooth) drawSmooth(pen, cells);
  add('rect', { ...frame, fill: 'none', stroke: colour('line') });
  cells.rows.forEach((row, index) => {
    const y = frame.y + index * tall;
    if (row.colour)
      add('rect', { x: frame.x - stripRoom + 1, y, width: 4, height: tall, fill: colour(row.colour), 'data-key': row.key ?? '' });
    if (row.key !== undefined && row.key === options.highlight)
      add('rect', { x: frame.x, y, width: frame.width, height: tall, fill: 'none', stroke: colour('ink') });
  });
  cells.columns.forEach((column, index) => {
    const x = frame.x + index * side;
    if (column.colour)
      add('rect', { x, y: frame.y - stripRoom + 1, width: side, height: 4, fill: colour(column.colour), 'data-key': column.key ?? '' });
    if (column.key !== undefined && column.key === options.highlight)
      add('rect', { x, y: frame.y, width: side, height: frame.height, fill: 'none', stroke: colour('ink') });
  });
  const textOf = (header: CellsHeader) => ({
    fill: colour(header.colour && header.colour !== 'dead' ? header.colour : 'ink-3'),
    'font-size': sizes.tick,
  });
  const downAt = (row: number): number => frame.height * (cells.rows[row].at ?? (row + 0.5) / cells.rows.length);
  const across = (column: number): number => frame.width * (cells.columns[column].at ?? (column + 0.5) / cells.columns.length);
  for (const { index, label } of chosen(cells.rows, (row) => ({ at: downAt(row), room: 12 }))) {
    const x = frame.x - stripRoom - 3;
    add('text', { x, y: frame.y + downAt(index) + 4, 'text-anchor': 'end', ...textOf(cells.rows[index]) }, label);
  }
  // A long name below the first or last column of a narrow matrix moves inwards rather than out of the drawing.
  const columnName = (index: number, name: string) => {
    const label = shorten(name, sizes.tick, layout.width - 4);
    const width = textWidth(label, sizes.tick);
    const at = Math.max(width / 2 + 2, Math.min(layout.width - width / 2 - 2, frame.x + across(index)));
    return { label, at, room: width + 6 };
  };
  for (const { index, label } of chosen(cells.columns, columnName)) {
    const { at, label: shown } = columnName(index, label);
    add('text', { x: at, y: frame.y + frame.height + 14, 'text-anchor': 'middle', ...textOf(cells.columns[index]) }, shown);
  }

  if (cells.inner || cells.hatches || cells.lines || cells.dots) drawOver(pen, cells);
  if (keyEntries(cells).length > 0) drawKey(pen, cells);
  if (cells.scale !== 'category') drawBar(pen, cells);
  else writeCaption(pen, cells, frame.x + frame.width + 10);
}

/** Colour bar of a matrix of numbers. */
function drawBar(pen: Pen, cells: CellsMark): void {
  const { layout, options, colour, add, ground } = pen;
  const { frame } = layout;
  const x = frame.x + frame.width + 10;
  const steps = 48;
  const keyed = keyEntries(cells).length * sizes.line;
  // The key of hatches stands below the bar.
  const tall = Math.max(1, frame.height - (keyed > 0 ? keyed + 8 : 0));
  const [low, high] = cells.domain;
  for (let step = 0; step < steps; step += 1) {
    const share = 1 - (step + 0.5) / steps;
    const fill = cells.scale === 'diverging' ? divergingColour(2 * share - 1, options.theme, ground) : sequentialColour(share);
    add('rect', {
      x,
      y: frame.y + (step / steps) * tall,
      width: 8,
      height: tall / steps,
      fill,
      'shape-rendering': 'crispEdges',
    });
  }
  const marks = cells.scale === 'diverging' && tall > 44 ? [high, (low + high) / 2, low] : [high, low];
  marks.forEach((value, index) => {
    const y = frame.y + (index / (marks.length - 1)) * tall;
    const label = shorten(readable(value, 2), sizes.tick, layout.width - x - 12);
    add('text', { x: x + 12, y: y + (index === 0 ? 8 : index === marks.length - 1 ? 0 : 4), fill: colour('ink-3') }, label);
  });
  writeCaption(pen, cells, x);
}

function writeCaption({ spec, layout, colour, add }: Pen, cells: CellsMark, x: number): void {
  const caption = shorten(cells.valueLabel, sizes.label, layout.width - textWidth(axisText(spec.y), sizes.label) - 16);
  const half = textWidth(caption, sizes.label) / 2;
  if (caption !== '')
    add(
      'text',
      { x: Math.min(layout.width - half - 2, x + 4), y: layout.yLabelY, 'text-anchor': 'middle', fill: colour('ink-3') },
      caption,
    );
}

interface Named {
  readonly index: number;
  readonly label: string;
}

/**
 * Headers that get a name: all if they keep apart, else those that stand for the others if there are any, else coloured ones first, then
 * the ends, as far as they keep apart.
 */
function chosen(
  headers: readonly CellsHeader[],
  place: (index: number, label: string) => { readonly at: number; readonly room: number },
): Named[] {
  const all = headers.map(({ label }, index) => ({ index, label }));
  const majors = headers.flatMap(({ major }, index) => (major === undefined ? [] : [{ index, label: major }]));
  const ends = all.length > 0 ? [all[0], all[all.length - 1]] : [];
  const coloured = all.filter(({ index }) => headers[index].colour !== undefined && headers[index].colour !== 'dead');
  const kept = apart([...coloured, ...ends, ...(coloured.length === 0 ? all : [])], place);
  return kept.length === all.length || majors.length < 2 ? kept : apart(majors, place);
}

/** Of these the ones that have room beside those before them. */
function apart(names: readonly Named[], place: Parameters<typeof chosen>[1]): Named[] {
  const kept: Named[] = [];
  for (const named of names) {
    const { at, room } = place(named.index, named.label);
    const free = kept.every((other) => {
      const beside = place(other.index, other.label);
      return Math.abs(beside.at - at) >= (room + beside.room) / 2;
    });
    if (free) kept.push(named);
  }
  return kept;
}
