/** Datasets as the contract tells of them. */
import { z } from 'zod';
import { ColumnUse, LearningTask, Transformation } from '#app/datasets/choices.ts';

export const DatasetId = z.string().regex(/^[a-z0-9][a-z0-9-]{0,79}$/, 'an id of a dataset has lower-case letters, digits and hyphens');

/** `dataset.json` of an imported dataset, and what lists show of every one. */
export const DatasetRecord = z.object({
  format: z.literal(1),
  id: DatasetId,
  name: z.string().max(200),
  source: z.enum(['bundled', 'imported']),
  /** One line about who may use it; null where the user brought it. */
  licence: z.string().nullable(),
  rows: z.number().int(),
  features: z.number().int(),
  target: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('class'), classes: z.array(z.string()) }),
    z.object({ kind: z.literal('number'), width: z.number().int() }),
  ]),
  hash: z.string(),
  /** When it was imported; null of a bundled one. */
  created: z.string().nullable(),
  /** How a file became these numbers; null of a bundled one. */
  transformation: Transformation.nullable(),
});
export type DatasetRecord = z.infer<typeof DatasetRecord>;

const Trouble = z.object({ sentence: z.string(), row: z.number().int().nullable(), column: z.string().nullable() });

/** A column as an import sees it. `use` with `why` is what becomes of it unless told otherwise. */
const PreviewColumn = z.object({
  name: z.string(),
  array: z.string().nullable(),
  use: z.enum([...ColumnUse.options, 'target']),
  /** Why it is left out; null if it is not, or if somebody said so. */
  why: z.string().nullable(),
  numbers: z.number().int(),
  texts: z.number().int(),
  missing: z.number().int(),
  range: z.tuple([z.number(), z.number()]).nullable(),
  /** Different values; null if there are more than 1,000. */
  different: z.number().int().nullable(),
});
export type PreviewColumn = z.infer<typeof PreviewColumn>;

/** What an import would make of a file, with everything that was found out. */
export const DatasetPreview = z.object({
  file: z.string(),
  format: z.enum(['csv', 'npz', 'parquet']),
  rows: z.number().int(),
  features: z.number().int(),
  /** The first columns; the file has `columnCount`. */
  columns: z.array(PreviewColumn),
  columnCount: z.number().int(),
  /** The first rows, and the one where the trouble is: cells in the order of `columns`, null where nothing is. */
  sample: z.array(z.object({ row: z.number().int(), cells: z.array(z.string().nullable()) })),
  /** Names that can be the target: columns, and arrays of several. */
  targets: z.array(z.string()),
  target: z.string(),
  task: LearningTask,
  standardise: z.boolean(),
  /** Whether rows are left out because something is missing in them. */
  incomplete: z.boolean(),
  csv: z.object({ delimiter: z.enum([',', ';', '\t', '|']), header: z.boolean(), decimal: z.enum(['.', ',']) }).nullable(),
  arrays: z.array(z.object({ name: z.string(), shape: z.array(z.number().int()), read: z.boolean() })).nullable(),
  /** What stands in the way of the import; null if nothing does. */
  trouble: Trouble.nullable(),
});
export type DatasetPreview = z.infer<typeof DatasetPreview>;
