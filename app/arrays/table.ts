import { readCsv, type CsvTable } from '#app/datasets/csv.ts';
import { requireBytes } from '#app/datasets/limits.ts';
import type { Column } from '#app/datasets/table.ts';
import type { FoundArray, Opener } from './file.ts';
import { readWithin } from './source.ts';
import { badFile, grouped, quoted, type Turn } from './words.ts';

/**
 * Arrays of a text table, empty cells being NaN: a matrix if its columns have no names, or numbers for names; an array over steps,
 * tokens and dimensions if it has columns `step` and `token`; else every column by itself.
 */
export const openTable: Opener = async (source, turn) => {
  requireBytes(source.name, source.size);
  const table = await readCsv(await readWithin(source, 0, source.size), source.name, {}, turn);
  return (
    matrixIn(table) ??
    (await overStepsIn(table, turn)) ??
    table.columns.map((column) => arrayOf(table, { name: column.name, columns: [column] }))
  );
};

/** What names of columns say that their place in an array is all they are for: `0`, `d3`, `dim_12`. */
const numbered = /^((?:[a-z]+[_ .]?)?)(\d+)$/i;
const isIndex = /^(column 1|index|token|symbol)$/i;

/** What pandas writes before rows: 0, 1, 2 and so on in a first column without a name. */
const countsRows = ({ cell }: Column, rows: number): boolean => {
  for (let row = 0; row < rows; row++) if (cell(row) !== row) return false;
  return rows > 1;
};

/** The columns of an array's last axis, if that is what they are. */
function axisOf(columns: readonly Column[]): readonly Column[] | null {
  const [, word, start] = numbered.exec(columns[0]?.name ?? '') ?? [];
  const first = Number(start);
  const counts = columns.every(({ name }, place) => {
    const [, own, number] = numbered.exec(name) ?? [];
    return own === word && Number(number) === first + place;
  });
  return columns.length > 1 && counts && first <= 1 ? columns : null;
}

function matrixIn(table: CsvTable): FoundArray[] | null {
  const { columns, rows, choices } = table;
  if (columns.length < 2) return null;
  if (!choices.header) {
    // What pandas writes over columns without names: 0, 1, 2 and so on, and an empty corner if rows have numbers as well.
    const counts = (of: readonly Column[]): boolean => rows > 1 && of.every(({ cell }, place) => cell(0) === place);
    const corner = columns[0]!.cell(0) === null && counts(columns.slice(1));
    // Without the corner it could be the first row: whole numbers, in a matrix of whole numbers or of two columns, are values.
    const head = counts(columns) && columns.length > 2 && columns.every(({ cell }) => !Number.isInteger(cell(1)));
    // Rows that are numbered, but columns are not: beside numbers that are not whole the first column is no dimension.
    const index = countsRows(columns[0]!, rows) && columns.slice(1).every(({ cell }) => !Number.isInteger(cell(0)));
    const kept = corner || index ? columns.slice(1) : columns;
    return [arrayOf(table, { name: '', columns: kept, from: corner || head ? 1 : 0, matrix: true })];
  }
  const named = isIndex.test(columns[0]!.name) ? axisOf(columns.slice(1)) : null;
  const axis = axisOf(columns) ?? named;
  if (!axis) return null;
  const order = axis === named ? orderOf(columns[0]!, rows) : undefined;
  // What says which rows are which tokens has to say it of all of them.
  return order === null ? null : [arrayOf(table, { name: '', columns: axis, order, matrix: true })];
}

/** Rows by the numbers in a column; null unless each has a number of its own. */
function orderOf({ cell }: Column, rows: number): Int32Array | null {
  const numbers = Array.from({ length: rows }, (_, row) => cell(row));
  if (!numbers.every((value) => typeof value === 'number') || new Set(numbers).size < rows) return null;
  return Int32Array.from(numbers.keys()).sort((a, b) => numbers[a]! - numbers[b]!);
}

/** A row for every token at every step. */
async function overStepsIn(table: CsvTable, turn: Turn): Promise<FoundArray[] | null> {
  const { rows, file } = table;
  // A first column without a name, which only counts the rows.
  const numbering = table.columns[0]!.name === 'column 1' && countsRows(table.columns[0]!, rows);
  const columns = numbering ? table.columns.slice(1) : table.columns;
  const find = (...patterns: RegExp[]): Column | undefined =>
    patterns.map((pattern) => columns.find(({ name }) => pattern.test(name))).find((column) => column !== undefined);
  // `tokens` counts what a language model has seen, in its log.
  const [step, token] = [find(/^steps?$/i, /^(epochs?|iter(ation)?s?)$/i), find(/^(token|symbol)$/i)];
  const rest = columns.filter((column) => column !== step && column !== token && !/^(steps?|epochs?|iter(ation)?s?)$/i.test(column.name));
  if (!step || !token || rest.length === 0) return null;
  for (let row = 0; row < rows; row++) if (typeof step.cell(row) !== 'number' || typeof token.cell(row) !== 'number') return null;
  const values = (column: Column): Promise<Float64Array> =>
    arrayOf(table, { name: column.name, columns: [column] }).load(turn) as Promise<Float64Array>;
  const [ofStep, ofToken] = [await values(step), await values(token)];
  const placesOf = (all: Float64Array): Map<number, number> =>
    new Map([...new Set(all)].sort((a, b) => a - b).map((value, place) => [value, place]));
  const [steps, tokens] = [placesOf(ofStep), placesOf(ofToken)];
  // A table with far more places than rows is of another kind.
  if (steps.size * tokens.size > 2 * rows) return null;
  const order = new Int32Array(steps.size * tokens.size).fill(-1);
  let twice: number | null = null;
  for (let row = 0; row < rows; row++) {
    const place = steps.get(ofStep[row]!)! * tokens.size + tokens.get(ofToken[row]!)!;
    if (order[place] !== -1) twice ??= row;
    order[place] = row;
  }
  const hole = order.indexOf(-1);
  const at = (row: number): string => `row ${row + table.firstRow}`;
  const trouble =
    twice !== null
      ? badFile(file, at(twice), `token ${ofToken[twice]} is there twice at step ${ofStep[twice]}.`)
      : hole >= 0
        ? badFile(
            file,
            '',
            `token ${[...tokens.keys()][hole % tokens.size]} is missing at step ${[...steps.keys()][Math.floor(hole / tokens.size)]}; every step needs all ${grouped(tokens.size)} tokens.`,
          )
        : null;
  const embedding = arrayOf(table, { name: 'embedding', columns: rest, order, matrix: true });
  return [
    { ...embedding, shape: [steps.size, tokens.size, rest.length], trouble: trouble?.message ?? embedding.trouble },
    { name: step.name, shape: [steps.size], dtype: 'column', trouble: null, load: () => Promise.resolve(Float64Array.from(steps.keys())) },
  ];
}

/** An array of some columns, a row after the other. `order`: rows in the order in which they are wanted. */
function arrayOf(
  { rows, file, firstRow }: CsvTable,
  {
    name,
    columns,
    from = 0,
    order,
    matrix = false,
  }: { name: string; columns: readonly Column[]; from?: number; order?: Int32Array; matrix?: boolean },
): FoundArray {
  const noNumber = ({ name: column, cell }: Column, row: number) =>
    badFile(file, `row ${row + firstRow}, column ${quoted(column)}`, `${quoted(String(cell(row)))} is no number.`);
  const sampled = Array.from({ length: Math.min(rows, 50) }, (_, row) => row);
  const text = columns.flatMap((column) =>
    sampled.filter((row) => typeof column.cell(row) === 'string').map((row) => noNumber(column, row)),
  )[0];
  const count = order?.length ?? rows - from;
  return {
    name,
    shape: matrix ? [count, columns.length] : [count],
    dtype: 'column',
    trouble: text?.message ?? null,
    async load(turn) {
      const values = new Float64Array(count * columns.length);
      for (const [place, column] of columns.entries()) {
        await turn();
        for (let row = 0; row < count; row++) {
          const source = order ? order[row]! : row + from;
          const value = source < 0 ? null : column.cell(source);
          if (typeof value === 'string') throw noNumber(column, source);
          values[row * columns.length + place] = value ?? NaN;
        }
      }
      return values;
    },
  };
}
