/** The values of a figure in few enough rows to be read or heard; the export has them all. */
import { readable } from '#app/figures/format.ts';
import { axisText } from '#app/figures/layout.ts';
import type { FigureSpec } from '#app/figures/spec.ts';
import { linesOf } from './live-data.ts';

export interface ValueRows {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What was left out, as a sentence; empty if nothing was. */
  readonly remark: string;
}

const mostRows = 60;

/** Lines: their ends, extremes and the value at `step`; points: each; cells: the largest by absolute value. */
export function valueRows(spec: FigureSpec, step: number): ValueRows {
  const cells = spec.marks.find((mark) => mark.kind === 'cells');
  if (cells) {
    const width = cells.columns.length;
    const order = Array.from({ length: cells.values.length }, (_, index) => index)
      .filter((index) => Number.isFinite(cells.values[index]))
      .sort((a, b) => Math.abs(cells.values[b]) - Math.abs(cells.values[a]));
    return limited(
      [axisText(spec.y) || 'row', axisText(spec.x) || 'column', cells.valueLabel],
      order.map((index) => [
        cells.rows[Math.floor(index / width)].label,
        cells.columns[index % width].label,
        readable(cells.values[index], 4),
      ]),
      'The largest values come first',
    );
  }
  const points = spec.marks.flatMap((mark) => (mark.kind === 'points' ? mark.points : []));
  if (points.length > 0) {
    return limited(
      ['point', axisText(spec.x), axisText(spec.y)],
      points.map((point) => [point.label ?? point.key ?? '', readable(point.x, 4), readable(point.y, 4)]),
      '',
    );
  }
  return limited(
    ['line', 'first', `at ${spec.x.label} ${readable(step)}`, 'last', 'least', 'greatest'],
    linesOf(spec).map((line) => {
      const length = Math.min(line.x.length, line.y.length);
      let at = -1;
      let least = Infinity;
      let greatest = -Infinity;
      for (let index = 0; index < length; index += 1) {
        if (line.x[index] <= step) at = index;
        if (line.y[index] < least) least = line.y[index];
        if (line.y[index] > greatest) greatest = line.y[index];
      }
      const value = (index: number) => (index >= 0 && index < length ? readable(line.y[index], 4) : '');
      return [
        line.label,
        value(0),
        value(at),
        value(length - 1),
        length > 0 ? readable(least, 4) : '',
        length > 0 ? readable(greatest, 4) : '',
      ];
    }),
    '',
  );
}

function limited(columns: readonly string[], rows: readonly (readonly string[])[], order: string): ValueRows {
  const left = rows.length - mostRows;
  const remark = left > 0 ? `${order === '' ? '' : `${order}; `}${left} more are in the CSV export.` : '';
  return { columns, rows: rows.slice(0, mostRows), remark };
}
