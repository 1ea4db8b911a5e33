/** The columns of a table as what files of arrays hold: numbers, or text. */
import type { Table } from '#app/figures/table.ts';

export type Column =
  | { readonly name: string; readonly kind: 'number'; readonly values: Float64Array }
  | { readonly name: string; readonly kind: 'text'; readonly values: readonly string[] };

/** A column with any text in it is text; a number that is missing is NaN, a text that is missing is empty. Names are distinct. */
export function columnsOf({ columns, rows }: Table): Column[] {
  const taken = new Set<string>();
  return columns.map((label, index) => {
    const name = distinct(label, taken);
    const cells = rows.map((row) => row[index] ?? null);
    if (cells.some((cell) => typeof cell === 'string'))
      return { name, kind: 'text', values: cells.map((cell) => (cell === null ? '' : String(cell))) };
    return { name, kind: 'number', values: Float64Array.from(cells, (cell) => (typeof cell === 'number' ? cell : Number.NaN)) };
  });
}

function distinct(label: string, taken: Set<string>): string {
  const wanted = label === '' ? 'value' : label;
  let name = wanted;
  for (let number = 2; taken.has(name); number += 1) name = `${wanted} ${number}`;
  taken.add(name);
  return name;
}
