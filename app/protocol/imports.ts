/** The part of the contract that is about trainings of others. Files are sent in pieces, looked at as often as one likes, and imported. */
import { z } from 'zod';
import { ImportMapping, Role } from '#app/imports/mapping.ts';
import { array } from './array.ts';
import { call, stream } from './define.ts';

const nothing = z.object({});
const file = z.string().max(80);
const files = z.array(file).min(1).max(10_000);

/** What was found in files, what each array is taken for, and what an import would come to. */
export const ImportInspection = z.object({
  arrays: z.array(
    z.object({
      /** What the array is called. */
      key: z.string(),
      shape: z.array(z.number()),
      dtype: z.string(),
      /** Whether its first axis are the files or names of single steps. */
      stepByStep: z.boolean(),
      role: Role,
      /** Why it is taken for that. */
      why: z.string(),
      /** Why it cannot be read; null if it can. */
      trouble: z.string().nullable(),
    }),
  ),
  /** What would be imported, one sentence; null if something stands in the way. */
  sentence: z.string().nullable(),
  /** What stands in the way. */
  trouble: z.string().nullable(),
  notes: z.array(z.string()),
  /** Tokens that would count; null while nothing is an embedding. */
  modulus: z.number().nullable(),
});
export type ImportInspection = z.infer<typeof ImportInspection>;

export const importCalls = {
  /** Begins to send a file of `bytes` bytes; fails at once if it is not one that is read. */
  'imports.upload': call({
    input: z.object({ file: z.string().min(1).max(255), bytes: z.number().int().min(0) }),
    output: z.object({ file }),
  }),
  /** The next piece, at `offset`. */
  'imports.add': call({ input: z.object({ file, offset: z.number().int().min(0), bytes: array() }), output: nothing }),
  /** Takes a file where it lies; on the command line only, as a page says nothing of folders. */
  'imports.open': call({ input: z.object({ path: z.string() }), output: z.object({ file }) }),
  /** Reads headers, guesses, and says what would be imported. */
  'imports.inspect': call({ input: z.object({ files, mapping: ImportMapping }), output: ImportInspection }),
  /** Imports; the last item names the run. Leaving it early imports nothing. */
  'imports.start': stream({
    input: z.object({ files, mapping: ImportMapping }),
    item: z.object({
      fraction: z.number(),
      secondsLeft: z.number().nullable(),
      run: z.string().nullable(),
      message: z.string().nullable(),
    }),
    whenSlow: 'latest',
  }),
  /** Forgets files that were sent. */
  'imports.discard': call({ input: z.object({ files }), output: nothing }),
};
