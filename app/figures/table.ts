import { axisText } from './layout.ts';
import type { CellsHeader, FigureSpec, Mark } from './spec.ts';

/** The data of a figure. Cells are numbers in full precision, text, or null where a series has no value. */
export interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly (number | string | null)[])[];
}

/**
 * What a figure shows, as a table: one column a line where all lines share their x values, else one row a point with the
 * name of its series; one row a cell for matrices. The two edges of a band are lines. Nothing is thinned out or rounded.
 */
export function figureTable(spec: FigureSpec): Table {
  const cells = spec.marks.find((mark) => mark.kind === 'cells');
  if (cells) return cellsTable(spec, cells);
  const lines = spec.marks.flatMap(linesOf);
  const points = spec.marks.flatMap((mark) => (mark.kind === 'points' ? mark.points : []));
  if (lines.length > 0 && points.length === 0 && lines.every((line) => sameValues(line.x, lines[0].x) && line.y.length === line.x.length)) {
    return {
      columns: [axisText(spec.x), ...lines.map((line) => line.label)],
      rows: Array.from(lines[0].x, (x, index) => [x, ...lines.map((line) => line.y[index])]),
    };
  }
  return {
    columns: ['series', axisText(spec.x), axisText(spec.y)],
    rows: [
      ...lines.flatMap((line) =>
        Array.from({ length: Math.min(line.x.length, line.y.length) }, (_, i) => [line.label, line.x[i], line.y[i]]),
      ),
      ...points.map((point) => [point.key ?? point.label ?? '', point.x, point.y]),
    ],
  };
}

function linesOf(mark: Mark): { readonly label: string; readonly x: ArrayLike<number>; readonly y: ArrayLike<number> }[] {
  if (mark.kind === 'line') return [mark];
  if (mark.kind !== 'band') return [];
  const { label, x, low, high } = mark;
  return [
    { label: `${label}, least`, x, y: low },
    { label: `${label}, greatest`, x, y: high },
  ];
}

function cellsTable(spec: FigureSpec, cells: Extract<Mark, { kind: 'cells' }>): Table {
  const columns = cells.columns.length;
  return {
    columns: [spec.y.label || 'row', spec.x.label || 'column', cells.valueLabel],
    rows: Array.from({ length: cells.values.length }, (_, index) => [
      placeOf(cells.rows[Math.floor(index / columns)]),
      placeOf(cells.columns[index % columns]),
      cells.values[index],
    ]),
  };
}

/** Where a row or column lies, in full, and not as it is written beside it; of what is no number its name. */
const placeOf = ({ label, value }: CellsHeader): number | string => value ?? label;

function sameValues(one: ArrayLike<number>, other: ArrayLike<number>): boolean {
  if (one === other) return true;
  if (one.length !== other.length) return false;
  for (let i = 0; i < one.length; i += 1) if (!Object.is(one[i], other[i])) return false;
  return true;
}
