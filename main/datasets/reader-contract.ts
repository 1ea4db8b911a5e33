/** What the service asks of the thread that reads a file. */
import { z } from 'zod';
import { ImportChoices, Transformation } from '#app/datasets/choices.ts';
import type { Target } from '#app/datasets/dataset.ts';
import { array } from '#app/protocol/array.ts';
import { DatasetPreview } from '#app/protocol/dataset.ts';
import { call, defineContract } from '#app/protocol/define.ts';

const choices = z.object({ choices: ImportChoices });

export const readerContract = defineContract({
  /** Comes before all else: the file, whole. */
  take: call({ input: z.object({ file: z.string(), bytes: array() }), output: z.object({}) }),
  preview: call({ input: choices, output: DatasetPreview }),
  import: call({
    input: choices,
    output: z.object({
      name: z.string(),
      rows: z.number(),
      features: z.number(),
      inputs: z.custom<Float32Array>((value) => value instanceof Float32Array, 'expected numbers'),
      target: z.custom<Target>((value) => typeof value === 'object' && value !== null && 'kind' in value, 'expected a target'),
      transformation: Transformation,
    }),
  }),
  /** Answered between two slices of work: a thread that does not is stuck. */
  alive: call({ input: z.object({}), output: z.object({}) }),
});

export type ReaderContract = typeof readerContract;
