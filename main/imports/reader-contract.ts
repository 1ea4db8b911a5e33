/** What the service asks of the thread that reads trainings of others. */
import { z } from 'zod';
import { ImportMapping } from '#app/imports/mapping.ts';
import { ImportInspection } from '#app/protocol/imports.ts';
import { call, defineContract, stream } from '#app/protocol/define.ts';
import type { ImportBatch } from '#app/imports/collect.ts';

const input = z.object({ files: z.array(z.object({ name: z.string(), path: z.string() })), mapping: ImportMapping });

/** What a plan says of the run that it becomes. */
const PlannedRun = z.object({
  modulus: z.number(),
  embeddingWidth: z.number(),
  spacing: z.number().nullable(),
  firstStep: z.number(),
  lastStep: z.number(),
  embedding: z.string(),
  weights: z.array(z.string()),
  curves: z.array(z.string()),
});
export type PlannedRun = z.infer<typeof PlannedRun>;

export const importReaderContract = defineContract({
  inspect: call({ input, output: ImportInspection }),
  /** The plan, then rows and frames in order. */
  collect: stream({
    input,
    item: z.object({
      plan: PlannedRun.nullable(),
      batch: z.custom<ImportBatch>((value) => typeof value === 'object' && value !== null && 'rows' in value, 'expected rows').nullable(),
    }),
    whenSlow: 'all',
  }),
  /** Answered between two slices of work: a thread that does not is stuck. */
  alive: call({ input: z.object({}), output: z.object({}) }),
});

export type ImportReaderContract = typeof importReaderContract;
