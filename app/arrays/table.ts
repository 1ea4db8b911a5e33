import { readCsv } from '#app/datasets/csv.ts';
import { requireBytes } from '#app/datasets/limits.ts';
import type { FoundArray, Opener } from './file.ts';
import { readWithin } from './source.ts';
import { badFile, quoted } from './words.ts';

/** Columns of a text table, each an array of its rows; empty cells are NaN. */
export const openTable: Opener = async (source, turn) => {
  requireBytes(source.name, source.size);
  const bytes = await readWithin(source, 0, source.size);
  const { columns, rows, firstRow } = await readCsv(bytes, source.name, {}, turn);
  return columns.map(({ name, cell }): FoundArray => {
    const where = (row: number): string => `row ${row + firstRow}, column ${quoted(name)}`;
    const text = Array.from({ length: Math.min(rows, 50) }, (_, row) => row).find((row) => typeof cell(row) === 'string');
    const noNumber = (row: number) => badFile(source.name, where(row), `${quoted(String(cell(row)))} is no number.`);
    return {
      name,
      shape: [rows],
      dtype: 'column',
      trouble: text === undefined ? null : noNumber(text).message,
      async load() {
        await turn();
        return Float64Array.from({ length: rows }, (_, row) => {
          const value = cell(row);
          if (typeof value === 'string') throw noNumber(row);
          return value ?? NaN;
        });
      },
    };
  });
};
