/** Rows and columns as a file holds them, whichever its format. */
import { badFile, grouped } from '#app/arrays/words.ts';
import { mostCells, mostColumns, mostRows } from './limits.ts';

export { badFile, quoted, type Turn } from '#app/arrays/words.ts';

/** A number, a text that is none, or null where nothing is. */
export type Cell = number | string | null;

export interface Column {
  readonly name: string;
  /** The array of several columns that it is one of; null for a column of its own. */
  readonly array: string | null;
  /** Row from 0. */
  cell(row: number): Cell;
}

export interface Table {
  /** Name of the file, for sentences. */
  readonly file: string;
  readonly rows: number;
  /** Number that people call the first row by: 2 below a header, else 1. */
  readonly firstRow: number;
  readonly columns: readonly Column[];
  /** Whether cells stand between delimiters, which may be the wrong ones. */
  readonly delimited: boolean;
}

/** Cells between two turns: some milliseconds of work. */
export const cellsPerTurn = 1 << 15;

/** Texts that say that nothing is there, as spreadsheets, pandas and R write them. */
const nothing = new Set(['', 'NA', 'N/A', 'n/a', '#N/A', 'NaN', 'nan', 'NAN', 'null', 'NULL', 'None', '?']);
const numeral = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/** What a text says, spaces around it apart. A numeral too large for a double stays text. */
export function cellOf(text: string): Cell {
  const trimmed = text.trim();
  if (nothing.has(trimmed)) return null;
  if (!numeral.test(trimmed)) return trimmed;
  const number = Number(trimmed);
  return Number.isFinite(number) ? number : trimmed;
}

/** Refuses what is too large to be trained on. @throws LotkaError `bad-input` with what would fit */
export function requireSize(file: string, rows: number, columns: number): void {
  if (rows > mostRows)
    throw badFile(file, '', `it has ${grouped(rows)} rows, more than the ${grouped(mostRows)} that Lotka imports; take a sample of them.`);
  if (columns > mostColumns)
    throw badFile(
      file,
      '',
      `it has ${grouped(columns)} columns, more than the ${grouped(mostColumns)} that Lotka imports; leave some out or choose arrays.`,
    );
  if (rows * columns > mostCells)
    throw badFile(
      file,
      '',
      `its ${grouped(rows)} rows of ${grouped(columns)} columns are more than the ${grouped(mostCells)} cells that Lotka imports; ` +
        `take a sample of ${grouped(Math.floor(mostCells / columns))} rows.`,
    );
}

/** Names made different from each other: `x`, `x (2)`. */
export function distinctNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let distinct = name;
    for (let copy = 2; taken.has(distinct); copy++) distinct = `${name} (${copy})`;
    taken.add(distinct);
    return distinct;
  });
}
