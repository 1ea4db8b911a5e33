/** What people decide of an import, and what is decided unless they do. */
import { z } from 'zod';

/** `number`: as it is; `category`: one input for every category; `skip`: left out. */
export const ColumnUse = z.enum(['number', 'category', 'skip']);
export type ColumnUse = z.infer<typeof ColumnUse>;

export const LearningTask = z.enum(['classification', 'regression']);
export type LearningTask = z.infer<typeof LearningTask>;

/** Everything is found out unless told. */
export const ImportChoices = z.object({
  /** Name of the dataset; the file's unless told. */
  name: z.string().trim().min(1).max(200).optional(),
  /** CSV: what stands between cells. */
  delimiter: z.enum([',', ';', '\t', '|']).optional(),
  /** CSV: whether the first row names the columns. */
  header: z.boolean().optional(),
  /** CSV: what separates the fraction of a number. */
  decimal: z.enum(['.', ',']).optional(),
  /** NPZ: the arrays that are read. */
  arrays: z.array(z.string()).min(1).max(16).optional(),
  /** Column to learn, or array of several. */
  target: z.string().optional(),
  task: LearningTask.optional(),
  /** Uses of columns by name, or of all columns of an array by its name. */
  columns: z.record(z.string(), ColumnUse).default({}),
  /** Numbers get mean 0 and standard deviation 1, inputs and targets; unless told, those of a table, not of arrays. */
  standardise: z.boolean().optional(),
  /** What becomes of rows in which something is missing. */
  missing: z.enum(['refuse', 'leave out']).default('refuse'),
});
export type ImportChoices = z.infer<typeof ImportChoices>;

/** How a column became numbers, so that it can be done to other rows too. */
export const ColumnTransformation = z.discriminatedUnion('kind', [
  /** (number - mean) / scale. */
  z.object({ kind: z.literal('number'), column: z.string(), mean: z.number(), scale: z.number() }),
  /** 1 at the place of its category, 0 elsewhere. */
  z.object({ kind: z.literal('category'), column: z.string(), categories: z.array(z.union([z.number(), z.string()])) }),
]);
export type ColumnTransformation = z.infer<typeof ColumnTransformation>;

export const Transformation = z.object({
  file: z.string(),
  inputs: z.array(ColumnTransformation),
  target: z.array(ColumnTransformation),
  /** Columns that are no input, and why. */
  leftOut: z.array(z.object({ column: z.string(), why: z.string() })),
  /** Rows that were left out because something was missing in them. */
  rowsLeftOut: z.number().int(),
});
export type Transformation = z.infer<typeof Transformation>;
