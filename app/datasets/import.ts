/** A file's bytes to a dataset, or to a preview of what it would become. */
import type { ImportChoices, Transformation } from './choices.ts';
import { otherDelimiter, readCsv, type CsvTable } from './csv.ts';
import type { Target } from './dataset.ts';
import { encodeTable } from './encode.ts';
import { requireBytes } from './limits.ts';
import { readNpz, type NpzTable } from './npz.ts';
import { readParquet } from './parquet.ts';
import { planImport, type Plan } from './plan.ts';
import { profileTable, type ColumnProfile } from './profile.ts';
import { badFile, type Table, type Turn } from './table.ts';

export { requireBytes } from './limits.ts';

export const formats = ['csv', 'npz', 'parquet'] as const;
export type Format = (typeof formats)[number];

/** The format of a file, by its name. @throws LotkaError `bad-input` for another */
export function formatOf(file: string): Format {
  const ending = /\.([a-z0-9]+)$/i.exec(file)?.[1]?.toLowerCase();
  if (ending === 'csv' || ending === 'tsv' || ending === 'txt') return 'csv';
  if (ending === 'npz') return 'npz';
  if (ending === 'parquet') return 'parquet';
  throw badFile(file, '', 'Lotka imports .csv (also .tsv and .txt), .npz and .parquet; save it as one of them.');
}

/** A file as it was read, with what does not depend on targets and uses. */
export interface OpenedFile {
  readonly file: string;
  readonly format: Format;
  readonly table: Table;
  readonly profiles: readonly ColumnProfile[];
  /** What was chosen or found out of a text table. */
  readonly csv: CsvTable['choices'] | null;
  readonly arrays: NpzTable['arrays'] | null;
}

/** Choices that decide how a file is read; with others the same opened file serves. */
export const readingChoices = ({ delimiter, header, decimal, arrays }: ImportChoices): string =>
  JSON.stringify([delimiter, header, decimal, arrays]);

/**
 * Reads a file.
 * @param bytes all of it
 * @param file its name, whose ending tells the format
 * @throws LotkaError `bad-input` naming file, row and column
 */
export async function openFile(bytes: Uint8Array, file: string, choices: ImportChoices, turn: Turn): Promise<OpenedFile> {
  const format = formatOf(file);
  requireBytes(file, bytes.length);
  const opened = async <T extends Table>(table: T): Promise<{ file: string; format: Format; table: T; profiles: ColumnProfile[] }> => ({
    file,
    format,
    table,
    profiles: await profileTable(table, turn),
  });
  if (format === 'parquet') return { ...(await opened(await readParquet(bytes, file, turn))), csv: null, arrays: null };
  if (format === 'npz') {
    const table = await readNpz(bytes, file, choices.arrays, turn);
    return { ...(await opened(table)), csv: null, arrays: table.arrays };
  }
  const table = await readCsv(bytes, file, choices, turn);
  const better = table.columns.length === 1 && choices.delimiter !== undefined ? otherDelimiter(bytes, choices.delimiter) : null;
  if (better !== null) throw badFile(file, '', `it has one column between these delimiters; ${better} stands between more, choose it.`);
  return { ...(await opened(table)), csv: table.choices, arrays: null };
}

/** What is decided for a file. @throws LotkaError `bad-input` for choices that name what the file does not have */
export const planFor = ({ table, profiles }: OpenedFile, choices: ImportChoices): Plan => planImport(table, profiles, choices);

export interface ImportedData {
  readonly name: string;
  readonly rows: number;
  readonly features: number;
  readonly inputs: Float32Array;
  readonly target: Target;
  readonly transformation: Transformation;
}

/** The data of a file. @throws LotkaError `bad-input` naming file, row and column */
export async function importFile(opened: OpenedFile, choices: ImportChoices, turn: Turn): Promise<ImportedData> {
  const encoded = await encodeTable(opened.table, planFor(opened, choices), turn);
  return { name: choices.name ?? opened.file.replace(/\.[a-z0-9]+$/i, ''), ...encoded };
}
