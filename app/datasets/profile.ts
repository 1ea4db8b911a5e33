/** What a column holds, seen once from its first row to its last. */
import { cellsPerTurn, type Column, type Table, type Turn } from './table.ts';

/** Different values that are remembered; more are only known to be more. */
const remembered = 1000;
/** Columns between two turns, where columns are short. */
const columnsPerTurn = 16;

/** A text in a column and the row it stands in, from 0. */
export interface Found {
  readonly row: number;
  readonly text: string;
}

export interface ColumnProfile {
  readonly name: string;
  readonly array: string | null;
  readonly numbers: number;
  readonly texts: number;
  readonly missing: number;
  readonly firstText: Found | null;
  readonly firstMissing: number | null;
  /** Smallest and largest number; null without numbers. */
  readonly range: readonly [number, number] | null;
  readonly whole: boolean;
  /** Different values, missing ones apart, numbers ascending before texts in order; null if there are more than 1,000. */
  readonly values: readonly (number | string)[] | null;
}

/** Numbers ascending, then texts by code point. */
export const inOrder = (a: number | string, b: number | string): number =>
  typeof a === 'number' ? (typeof b === 'number' ? a - b : -1) : typeof b === 'number' ? 1 : a < b ? -1 : a > b ? 1 : 0;

/** Profiles of all columns. @param turn asked between every few thousand cells */
export async function profileTable(table: Table, turn: Turn): Promise<ColumnProfile[]> {
  const profiles: ColumnProfile[] = [];
  for (const column of table.columns) {
    profiles.push(await profileColumn(column, table.rows, turn));
    if (profiles.length % columnsPerTurn === 0) await turn();
  }
  return profiles;
}

async function profileColumn(column: Column, rows: number, turn: Turn): Promise<ColumnProfile> {
  let [numbers, texts, missing, least, most, whole] = [0, 0, 0, Infinity, -Infinity, true];
  let firstText: Found | null = null;
  let firstMissing: number | null = null;
  let values: Set<number | string> | null = new Set();
  for (let row = 0; row < rows; row++) {
    if (row % cellsPerTurn === cellsPerTurn - 1) await turn();
    const cell = column.cell(row);
    if (cell === null) {
      missing++;
      firstMissing ??= row;
      continue;
    }
    if (typeof cell === 'number') {
      numbers++;
      least = Math.min(least, cell);
      most = Math.max(most, cell);
      whole &&= Number.isInteger(cell);
    } else {
      texts++;
      firstText ??= { row, text: cell };
    }
    values?.add(cell);
    if (values && values.size > remembered) values = null;
  }
  return {
    name: column.name,
    array: column.array,
    numbers,
    texts,
    missing,
    firstText,
    firstMissing,
    range: numbers > 0 ? [least, most] : null,
    whole: whole && numbers > 0,
    values: values && [...values].sort(inOrder),
  };
}
