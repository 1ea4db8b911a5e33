/** Turns the columns of a table into what a network learns from. */
import { LotkaError } from '#app/protocol/errors.ts';
import type { ColumnTransformation, Transformation } from './choices.ts';
import type { Target } from './dataset.ts';
import { fewestRows, grouped } from './limits.ts';
import type { Plan, PlannedColumn } from './plan.ts';
import { inOrder } from './profile.ts';
import { badFile, cellsPerTurn, quoted, type Column, type Table, type Turn } from './table.ts';

export interface Encoded {
  readonly rows: number;
  readonly features: number;
  readonly inputs: Float32Array;
  readonly target: Target;
  readonly transformation: Transformation;
}

/** Largest number that single precision holds. */
const largest = 3.4028234663852886e38;

/**
 * Carries out a plan.
 * @throws LotkaError `bad-input`: the plan's trouble, or what shows only once rows are left out
 */
export async function encodeTable(table: Table, plan: Plan, turn: Turn): Promise<Encoded> {
  if (plan.trouble) throw new LotkaError('bad-input', plan.trouble.sentence);
  const used = plan.columns.filter(({ use }) => use !== 'skip');
  const rows = await completeRows(table, used, turn);
  if (rows.length < fewestRows)
    throw badFile(
      table.file,
      '',
      `of ${grouped(table.rows)} rows something is missing in all but ${rows.length}; at least ${fewestRows} are needed. Leave the emptiest columns out instead.`,
    );
  const inputColumns = used.filter(({ use }) => use !== 'target');
  const targetColumns = used.filter(({ use }) => use === 'target');
  const read = (column: Column, write: (at: number, value: number) => void, code?: ReadonlyMap<number | string, number>) =>
    readNumbers(table, rows, column, write, code, turn);

  const transformations: ColumnTransformation[] = [];
  const parts: { column: Column; offset: number; code?: Map<number | string, number> }[] = [];
  let features = 0;
  for (const { index, use } of inputColumns) {
    const column = table.columns[index]!;
    if (use === 'category') {
      const categories = valuesOf(column, rows);
      parts.push({ column, offset: features, code: new Map(categories.map((category, i) => [category, i])) });
      transformations.push({ kind: 'category', column: column.name, categories });
      features += categories.length;
    } else parts.push({ column, offset: features++ });
  }
  const inputs = new Float32Array(rows.length * features);
  for (const { column, offset, code } of parts) {
    if (code) await read(column, (at, category) => (inputs[at * features + offset + category] = 1), code);
    else
      transformations.push(
        await standardised(table, column, rows, plan.standardise, turn, (at, value) => (inputs[at * features + offset] = value)),
      );
  }
  const order = new Map(inputColumns.map(({ profile }, at) => [profile.name, at]));
  transformations.sort((a, b) => order.get(a.column)! - order.get(b.column)!);

  const { target, transformation } = await encodeTarget(table, targetColumns, rows, plan, turn);
  return {
    rows: rows.length,
    features,
    inputs,
    target,
    transformation: {
      file: table.file,
      inputs: transformations,
      target: transformation,
      leftOut: plan.columns
        .filter(({ use }) => use === 'skip')
        .map(({ profile, why }) => ({ column: profile.name, why: why ?? 'it was told to be' })),
      rowsLeftOut: table.rows - rows.length,
    },
  };
}

async function encodeTarget(
  table: Table,
  columns: readonly PlannedColumn[],
  rows: Uint32Array,
  plan: Plan,
  turn: Turn,
): Promise<{ target: Target; transformation: ColumnTransformation[] }> {
  if (plan.task === 'classification') {
    const column = table.columns[columns[0]!.index]!;
    const categories = valuesOf(column, rows);
    if (categories.length < 2)
      throw badFile(
        table.file,
        `column ${quoted(column.name)}`,
        'in the rows that are complete there is one class only; nothing is to be learned.',
      );
    const labels = new Int32Array(rows.length);
    await readNumbers(table, rows, column, (at, label) => (labels[at] = label), new Map(categories.map((value, i) => [value, i])), turn);
    return {
      target: { kind: 'class', labels, classes: categories.map(String) },
      transformation: [{ kind: 'category', column: column.name, categories }],
    };
  }
  const width = columns.length;
  const values = new Float32Array(rows.length * width);
  const transformation: ColumnTransformation[] = [];
  for (const [place, { index }] of columns.entries())
    transformation.push(
      await standardised(table, table.columns[index]!, rows, plan.standardise, turn, (at, value) => (values[at * width + place] = value)),
    );
  return { target: { kind: 'number', values, width }, transformation };
}

/** Rows in which no column that is used misses anything. */
async function completeRows(table: Table, used: readonly PlannedColumn[], turn: Turn): Promise<Uint32Array> {
  const complete = new Uint8Array(table.rows).fill(1);
  for (const { profile, index } of used) {
    if (profile.missing === 0) continue;
    const column = table.columns[index]!;
    for (let row = 0; row < table.rows; row++) {
      if (column.cell(row) === null) complete[row] = 0;
      if (row % cellsPerTurn === cellsPerTurn - 1) await turn();
    }
  }
  const rows = new Uint32Array(complete.reduce((sum, is) => sum + is, 0));
  let at = 0;
  complete.forEach((is, row) => {
    if (is) rows[at++] = row;
  });
  return rows;
}

const valuesOf = (column: Column, rows: Uint32Array): (number | string)[] => {
  const values = new Set<number | string>();
  for (const row of rows) values.add(column.cell(row)!);
  return [...values].sort(inOrder);
};

async function readNumbers(
  table: Table,
  rows: Uint32Array,
  column: Column,
  write: (at: number, value: number) => void,
  code: ReadonlyMap<number | string, number> | undefined,
  turn: Turn,
): Promise<void> {
  for (let at = 0; at < rows.length; at++) {
    const cell = column.cell(rows[at]!)!;
    const value = code ? code.get(cell)! : (cell as number);
    if (Math.abs(value) > largest)
      throw badFile(
        table.file,
        `row ${grouped(rows[at]! + table.firstRow)}, column ${quoted(column.name)}`,
        `${value} is too large for single precision, which ends at 3.4e38; use another unit.`,
      );
    write(at, value);
    if (at % cellsPerTurn === cellsPerTurn - 1) await turn();
  }
}

/** Writes a column, with mean 0 and (population) standard deviation 1 if so wished; a column that never changes becomes 0. */
async function standardised(
  table: Table,
  column: Column,
  rows: Uint32Array,
  standardise: boolean,
  turn: Turn,
  write: (at: number, value: number) => void,
): Promise<ColumnTransformation> {
  const values = new Float64Array(rows.length);
  await readNumbers(table, rows, column, (at, value) => (values[at] = value), undefined, turn);
  let [mean, scale] = [0, 1];
  if (standardise && values.every((value) => value === values[0])) mean = values[0]!;
  else if (standardise) {
    for (const value of values) mean += value / values.length;
    let variance = 0;
    for (const value of values) variance += (value - mean) ** 2 / values.length;
    scale = variance > 0 ? Math.sqrt(variance) : 1;
  }
  values.forEach((value, at) => write(at, (value - mean) / scale));
  return { kind: 'number', column: column.name, mean, scale };
}
