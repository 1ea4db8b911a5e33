/** A table as an Apache Parquet file. */
import { parquetWriteBuffer } from 'hyparquet-writer';
import { columnsOf } from './columns.ts';
import { asciiJson } from '#app/figures/provenance.ts';
import type { Table } from '#app/figures/table.ts';

/** One column of doubles or text a column, the provenance as JSON in the file's own metadata under `lotka`. */
export function toParquet(table: Table, provenance: object): Uint8Array {
  const columnData = columnsOf(table).map(({ name, kind, values }) =>
    kind === 'number' ? { name, data: values, type: 'DOUBLE' as const } : { name, data: [...values], type: 'STRING' as const },
  );
  return new Uint8Array(parquetWriteBuffer({ columnData, kvMetadata: [{ key: 'lotka', value: asciiJson(provenance) }] }));
}
