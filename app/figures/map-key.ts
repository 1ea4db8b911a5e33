/** What lies over the cells of a map, and the key that says what it means. */
import { contrastWith } from './colours.ts';
import { keyEntries, keySwatch, sizes, type CellsMark } from './layout.ts';
import { categoryColour, shadeOf } from './marks.ts';
import { rounded, type Pen } from './pen.ts';
import { shorten } from './text.ts';

/** Distance of hatching lines in px, across. */
const hatchSpacing = 5;

/** Lines across a box, leaning right or left, as path data. They are lines and no pattern, so that every reader of SVG draws them. */
export function hatchPath(x: number, y: number, width: number, height: number, leaning: 'right' | 'left'): string {
  const spacing = Math.min(hatchSpacing, width, height);
  const pieces: string[] = [];
  for (let offset = spacing / 2; offset < width + height; offset += spacing) {
    // From the left or bottom side to the top or right side, in a box with its origin at the bottom left.
    const [fromX, fromY] = offset < height ? [0, offset] : [offset - height, height];
    const [toX, toY] = offset < width ? [offset, 0] : [width, offset - width];
    const across = (at: number): string => rounded(x + (leaning === 'right' ? at : width - at));
    pieces.push(`M${across(fromX)},${rounded(y + fromY)}L${across(toX)},${rounded(y + toY)}`);
  }
  return pieces.join('');
}

/** Which way the lines of a mark's hatch lean. */
export const leaningOf = (hatch: number): 'right' | 'left' => (hatch % 2 === 0 ? 'right' : 'left');

/** Hatching of cells, and the values of another map inside them. */
export function drawOver({ layout, options, colour, add, ground }: Pen, cells: CellsMark): void {
  const { frame } = layout;
  const columns = Math.max(1, cells.columns.length);
  const [width, height] = [frame.width / columns, frame.height / Math.max(1, cells.rows.length)];
  const place = (cell: number): [number, number] => [frame.x + (cell % columns) * width, frame.y + Math.floor(cell / columns) * height];
  const colourOf = (cell: number): string => {
    const own = cells.scale === 'category' ? categoryColour(cells, cells.values[cell], colour) : 'none';
    return own === 'none' ? ground : own;
  };
  // Tiles may lie over each other, each with its hatching.
  const hatches = cells.tiles ? [] : (cells.hatches ?? []);
  hatches.forEach((hatch, which) => {
    // One path a colour of lines: a map of thousands of cells stays a small file.
    const paths = new Map<string, string[]>();
    for (const cell of hatch.cells) {
      const stroke = contrastWith(colourOf(cell));
      const [x, y] = place(cell);
      const pieces = paths.get(stroke) ?? [];
      pieces.push(hatchPath(x, y, width, height, leaningOf(which)));
      paths.set(stroke, pieces);
    }
    for (const [stroke, pieces] of paths)
      add('path', { d: pieces.join(''), stroke, 'stroke-width': 1, 'stroke-opacity': 0.75, fill: 'none', 'data-hatch': hatch.label });
  });
  for (const { label, pieces, colour: own } of cells.lines ?? []) {
    const at = (index: number): string =>
      `${rounded(frame.x + frame.width * middle(cells.columns, pieces[index]))},${rounded(frame.y + frame.height * middle(cells.rows, pieces[index + 1]))}`;
    const d = Array.from({ length: pieces.length >> 2 }, (_, piece) => `M${at(4 * piece)}L${at(4 * piece + 2)}`).join('');
    for (const [stroke, thickness] of [
      ['#000000', own ? 4 : 2.5],
      [own ? colour(own) : '#ffffff', own ? 2.25 : 1],
    ] as const)
      if (d !== '') add('path', { d, stroke, 'stroke-width': thickness, 'stroke-linecap': 'round', fill: 'none', 'data-line': label });
  }
  if (cells.dots) {
    const shade = shadeOf(cells, options.theme, ground);
    const paths = new Map<string, string[]>();
    const radius = Math.max(0.6, Math.min(2, 0.09 * Math.min(width, height)));
    for (const cell of cells.dots.cells) {
      const below = shade(cells.values[cell]);
      const fill = contrastWith(below === 'none' ? ground : below);
      const [x, y] = place(cell);
      const pieces = paths.get(fill) ?? [];
      const [r, d] = [rounded(radius), rounded(2 * radius)];
      pieces.push(`M${rounded(x + width / 2 - radius)},${rounded(y + height / 2)}a${r},${r} 0 1 0 ${d},0a${r},${r} 0 1 0 -${d},0z`);
      paths.set(fill, pieces);
    }
    for (const [fill, pieces] of paths) add('path', { d: pieces.join(''), fill, 'fill-opacity': 0.75, 'data-dots': cells.dots.label });
  }
  if (!cells.inner) return;
  const boxes = new Map(cells.tiles?.map(({ cell, box }) => [cell, box]));
  const size = 0.45 * Math.min(width, height);
  for (let cell = 0; cell < cells.values.length; cell += 1) {
    const value = cells.inner.values[cell];
    const fill = categoryColour(cells, value, colour);
    if (fill === 'none') continue;
    const box = boxes.get(cell);
    const [x, y] = place(cell);
    add('rect', {
      x: (box ? frame.x + (frame.width * (box[0] + box[2])) / 2 : x + width / 2) - size / 2,
      y: (box ? frame.y + (frame.height * (box[1] + box[3])) / 2 : y + height / 2) - size / 2,
      width: size,
      height: size,
      fill,
      stroke: contrastWith(colourOf(cell)),
      'stroke-width': 0.75,
    });
  }
}

/** Middle of a row or column, or of what lies between two, as a share of the frame. */
function middle(headers: CellsMark['rows'], place: number): number {
  const of = (index: number): number => headers[index].at ?? (index + 0.5) / headers.length;
  const before = Math.max(0, Math.min(headers.length - 1, Math.floor(place)));
  return before + 1 < headers.length ? of(before) + (place - before) * (of(before + 1) - of(before)) : of(before);
}

/** Names of categories, hatches and the rest, right of the map. */
export function drawKey({ layout, colour, add, ground }: Pen, cells: CellsMark): void {
  const { frame } = layout;
  const x = frame.x + frame.width + 10;
  const names = keyEntries(cells);
  const below = cells.scale === 'category' ? 0 : Math.max(0, frame.height - names.length * sizes.line);
  const box = { width: 12, height: 10 };
  const categories = cells.categories?.length ?? 0;
  const hatches = cells.hatches?.length ?? 0;
  names.forEach((name, index) => {
    const y = frame.y + below + index * sizes.line;
    if (y + sizes.line > layout.height) return;
    const frameOf = { x, y, ...box, stroke: colour('line'), 'stroke-width': 0.75 };
    if (index < categories) add('rect', { ...frameOf, fill: colour(cells.categories![index].colour) });
    else if (index < categories + hatches) {
      add('rect', { ...frameOf, fill: ground });
      const lines = hatchPath(x, y, box.width, box.height, leaningOf(index - categories));
      add('path', { d: lines, stroke: contrastWith(ground), 'stroke-opacity': 0.75, fill: 'none' });
    } else if (cells.dots && index === categories + hatches) {
      add('rect', { ...frameOf, fill: ground });
      add('circle', { cx: x + box.width / 2, cy: y + box.height / 2, r: 1.75, fill: colour('ink-2') });
    } else {
      add('rect', { ...frameOf, fill: ground });
      add('rect', { x: x + 3.5, y: y + 2.5, width: 5, height: 5, fill: colour('ink-2') });
    }
    add('text', { x: x + keySwatch, y: y + 9, fill: colour('ink-2') }, shorten(name, sizes.label, layout.width - x - keySwatch - 2));
  });
}
