/** Colours of a map whose cells are not of one size, and of a map with smooth boundaries. */
import { contrastWith } from './colours.ts';
import type { CellsMark } from './layout.ts';
import { hatchPath, leaningOf } from './map-key.ts';
import { cellText, shadeOf } from './marks.ts';
import { rounded, type Pen } from './pen.ts';

/** Each tile with its hatching, later ones over earlier ones. */
export function drawTiles({ layout: { frame }, options, add, ground }: Pen, cells: CellsMark): void {
  const shade = shadeOf(cells, options.theme, ground);
  const hatched = cells.hatches?.map((hatch) => ({ label: hatch.label, cells: new Set(hatch.cells) })) ?? [];
  for (const { cell, box } of cells.tiles ?? []) {
    const [left, right] = [frame.x + box[0] * frame.width, frame.x + box[2] * frame.width];
    const [top, bottom] = [frame.y + box[1] * frame.height, frame.y + box[3] * frame.height];
    const area = { x: left, y: top, width: right - left, height: bottom - top };
    const fill = shade(cells.values[cell]);
    const [row, column] = [cells.rows[Math.floor(cell / cells.columns.length)], cells.columns[cell % cells.columns.length]];
    // What lies below does not show through a tile that has no value.
    if (fill === 'none') add('rect', { ...area, fill: ground, 'shape-rendering': 'crispEdges' });
    const drawn = add('rect', {
      ...area,
      fill,
      'shape-rendering': 'crispEdges',
      'data-value': String(cells.values[cell]),
      'data-row': row.label,
      'data-column': column.label,
    });
    if (options.paper) add('title', {}, `${row.label}, ${column.label}: ${cellText(cells, cells.values[cell])}`, drawn);
    hatched.forEach((hatch, which) => {
      if (!hatch.cells.has(cell)) return;
      const stroke = contrastWith(fill === 'none' ? ground : fill);
      const d = hatchPath(area.x, area.y, area.width, area.height, leaningOf(which));
      add('path', { d, stroke, 'stroke-width': 1, 'stroke-opacity': 0.75, fill: 'none', 'data-hatch': hatch.label });
    });
  }
}

/** A smooth map: one path for each category, of the pieces of its rows. */
export function drawSmooth({ layout: { frame }, options, add, ground }: Pen, cells: CellsMark): void {
  if (!cells.smooth) return;
  const { columns, rows, values } = cells.smooth;
  const shade = shadeOf(cells, options.theme, ground);
  const [width, height] = [frame.width / columns, frame.height / rows];
  const paths = new Map<number, string[]>();
  for (let row = 0; row < rows; row += 1) {
    for (let start = 0, end = 0; start < columns; start = end) {
      const value = values[row * columns + start];
      while (end < columns && values[row * columns + end] === value) end += 1;
      if (value < 0) continue;
      const pieces = paths.get(value) ?? [];
      const [x, y] = [rounded(frame.x + start * width), rounded(frame.y + row * height)];
      pieces.push(`M${x},${y}h${rounded((end - start) * width)}v${rounded(height)}H${x}z`);
      paths.set(value, pieces);
    }
  }
  for (const [value, pieces] of paths) {
    const name = cells.categories?.[value]?.label ?? '';
    add('path', { d: pieces.join(''), fill: shade(value), 'shape-rendering': 'crispEdges', 'data-smooth': name });
  }
}
