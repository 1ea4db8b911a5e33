/** Parquet files, column by column. */
import { parquetMetadata, parquetRead, type Compressors, type FileMetaData } from 'hyparquet';
import { compressors as codecs } from 'hyparquet-compressors';
import { LotkaError } from '#app/protocol/errors.ts';
import { grouped, mostBytes } from './limits.ts';
import { badFile, cellOf, quoted, requireSize, type Cell, type Column, type Table, type Turn } from './table.ts';

/** Bytes that a file may unpack to, and that one page of it may. */
const mostUnpacked = 2 * mostBytes;
const mostOfPage = 64 * 1024 * 1024;

/**
 * Reads a Parquet file whose columns are numbers, truth values, texts or dates (texts too, as ISO 8601 has them).
 * @throws LotkaError `bad-input` naming file, row and column: damaged, cut off, too large, nested columns, other types
 */
export async function readParquet(bytes: Uint8Array, file: string, turn: Turn): Promise<Table> {
  try {
    return await readColumns(bytes, file, turn);
  } catch (cause) {
    // Whatever the library meets in a damaged file, it throws errors of its own.
    throw cause instanceof LotkaError ? cause : damaged(file, cause);
  }
}

async function readColumns(bytes: Uint8Array, file: string, turn: Turn): Promise<Table> {
  const metadata = metadataOf(bytes, file);
  const names = columnNames(metadata, file);
  const rows = Number(metadata.num_rows);
  if (!Number.isSafeInteger(rows) || rows < 0) throw damaged(file);
  requireSize(file, rows, names.length);
  const unpacked = metadata.row_groups
    .flatMap(({ columns }) => columns)
    .reduce((sum, { meta_data }) => sum + Number(meta_data?.total_uncompressed_size ?? 0), 0);
  if (unpacked > mostUnpacked) throw badFile(file, '', `it unpacks to more than ${mostUnpacked / 2 ** 20} MB; take a sample.`);
  const columns: GrowingColumn[] = [];
  const budget = { left: mostUnpacked };
  for (const name of names) {
    const column = new GrowingColumn(rows);
    // What is thrown while a chunk is told would reach nobody.
    let trouble: unknown = null;
    await parquetRead({
      file: bufferOf(bytes),
      metadata,
      columns: [name],
      compressors: bounded(file, name, budget),
      onChunk: ({ columnData, rowStart }) => {
        try {
          for (let i = 0; i < columnData.length && rowStart + i < rows; i++)
            column.set(rowStart + i, cellOfValue(columnData[i], file, name, rowStart + i));
        } catch (error) {
          trouble ??= error;
        }
      },
    });
    if (trouble !== null) throw trouble;
    if (column.filled !== rows) throw damaged(file);
    columns.push(column);
    await turn();
  }
  return {
    file,
    rows,
    firstRow: 1,
    delimited: false,
    columns: names.map((name, index): Column => ({ name, array: null, cell: (row) => columns[index]!.cell(row) })),
  };
}

const damaged = (file: string, cause?: unknown): LotkaError =>
  badFile(file, '', 'it is not a Parquet file that can be read: it is damaged or cut off.', cause);

function metadataOf(bytes: Uint8Array, file: string): FileMetaData {
  const magic = (at: number): boolean => [0x50, 0x41, 0x52, 0x31].every((byte, i) => bytes[at + i] === byte);
  if (bytes.length < 12 || !magic(0) || !magic(bytes.length - 4)) throw damaged(file);
  const length = new DataView(bytes.buffer, bytes.byteOffset + bytes.length - 8, 4).getUint32(0, true);
  if (length > bytes.length - 12) throw damaged(file);
  return parquetMetadata(bytes.slice().buffer);
}

/** Names of the columns, none of which may hold others. */
function columnNames({ schema, row_groups }: FileMetaData, file: string): string[] {
  const [top, ...columns] = schema;
  if (!top || columns.length === 0) throw badFile(file, '', 'it has no columns.');
  for (const { name, num_children, repetition_type } of columns)
    if ((num_children ?? 0) > 0 || repetition_type === 'REPEATED')
      throw badFile(file, `column ${quoted(name)}`, 'it holds lists or structures; write one column for each of their numbers.');
  if (row_groups.some((group) => group.columns.length !== columns.length)) throw damaged(file);
  const names = columns.map(({ name }) => name);
  const twice = names.find((name, i) => names.indexOf(name) < i);
  if (twice !== undefined) throw badFile(file, `column ${quoted(twice)}`, 'there are two of that name; give one another.');
  return names;
}

const bufferOf = (bytes: Uint8Array) => ({
  byteLength: bytes.length,
  slice: (start: number, end?: number) => bytes.slice(start, end).buffer,
});

/** Decompressors that unpack no more than they may, whatever a page says of its length. */
function bounded(file: string, column: string, budget: { left: number }): Compressors {
  return Object.fromEntries(
    Object.entries(codecs).map(([codec, unpack]) => [
      codec,
      (input: Uint8Array, length: number) => {
        budget.left -= length;
        if (length > mostOfPage || budget.left < 0)
          throw badFile(file, `column ${quoted(column)}`, 'it unpacks to more than may be read; take a sample.');
        return unpack(input, length);
      },
    ]),
  );
}

function cellOfValue(value: unknown, file: string, column: string, row: number): Cell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'number') return Number.isNaN(value) ? null : Number.isFinite(value) ? value : String(value);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  if (typeof value === 'string') return cellOf(value);
  if (value instanceof Date) return value.toISOString();
  throw badFile(
    file,
    `row ${grouped(row + 1)}, column ${quoted(column)}`,
    `it holds ${value instanceof Uint8Array ? 'bytes' : 'values'} that are no numbers or texts; leave the column out of the file.`,
  );
}

/** Cells that are filled in any order: numbers as numbers, each text once. */
class GrowingColumn {
  filled = 0;
  private readonly numbers: Float64Array;
  /** 0: nothing yet, 1: a number, 2: nothing, above: the text of index `kinds - 3`. */
  private readonly kinds: Uint32Array;
  private readonly texts: string[] = [];
  private readonly codes = new Map<string, number>();

  constructor(rows: number) {
    this.numbers = new Float64Array(rows);
    this.kinds = new Uint32Array(rows);
  }

  set(row: number, cell: Cell): void {
    if (this.kinds[row] === 0) this.filled++;
    if (cell === null) this.kinds[row] = 2;
    else if (typeof cell === 'number') {
      this.kinds[row] = 1;
      this.numbers[row] = cell;
    } else {
      let code = this.codes.get(cell);
      if (code === undefined) {
        code = this.texts.push(cell) - 1;
        this.codes.set(cell, code);
      }
      this.kinds[row] = code + 3;
    }
  }

  cell(row: number): Cell {
    const kind = this.kinds[row]!;
    return kind === 1 ? this.numbers[row]! : kind < 3 ? null : this.texts[kind - 3]!;
  }
}
