import type { Table } from './table.ts';

/**
 * A table as CSV (RFC 4180: comma, CRLF, quotes doubled). Numbers are written with the fewest digits that read back to the
 * same double, missing values as empty fields, non-finite ones as `NaN`, `Infinity`, `-Infinity`.
 * @param comments lines written first, each behind `# `
 */
export function toCsv(table: Table, comments: readonly string[] = []): string {
  const lines = [
    ...comments.flatMap((comment) => comment.split(/\r\n|\r|\n/)).map((comment) => `# ${comment}`),
    table.columns.map(quoted).join(','),
    ...table.rows.map((row) =>
      row.map((value) => (value === null ? '' : typeof value === 'number' ? numeral(value) : quoted(value))).join(','),
    ),
  ];
  return `${lines.join('\r\n')}\r\n`;
}

const numeral = (value: number): string => (Object.is(value, -0) ? '-0' : String(value));

const quoted = (text: string): string => (/[",\r\n]|^\s|\s$|^#/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
