/** What a run is, for lists and files. */
import { z } from 'zod';

export const RunId = z.string().regex(/^[a-z0-9-]{6,80}$/, 'a run id has lower-case letters, digits and hyphens');
export const Step = z.number().int().min(0);
export const JsonParameters = z.record(z.string(), z.json());

export const RunStatus = z.enum(['queued', 'running', 'paused', 'finished', 'stopped', 'diverged', 'failed', 'interrupted']);
export type RunStatus = z.infer<typeof RunStatus>;

export const Provenance = z.object({
  lotka: z.string(),
  /** Build of the backend. */
  engine: z.string(),
  backend: z.string(),
  /** Names of the passes over the graph that applied, in their order; runs of an older Lotka do not tell. */
  passes: z.array(z.string()).optional(),
  precision: z.enum(['f32', 'f64']),
  /** Data that it learned from; absent where they are generated. */
  dataset: z.object({ id: z.string(), name: z.string(), hash: z.string() }).optional(),
  /** Files of others that the run was imported from, and a hash of its embeddings; absent of runs that were trained here. */
  imported: z.object({ files: z.string(), hash: z.string() }).optional(),
  machine: z.string(),
  created: z.string(),
});

/** `run.json`, also what lists show. */
export const RunRecord = z.object({
  format: z.literal(1),
  id: RunId,
  name: z.string().max(200),
  experiment: z.string(),
  preset: z.string().nullable(),
  parameters: JsonParameters,
  status: RunStatus,
  /** Sentence for people when diverged, failed or interrupted. */
  message: z.string().nullable(),
  /** The last recorded step; `steps` once finished. */
  step: Step,
  steps: Step,
  /** Seconds of training so far, pauses excluded. */
  seconds: z.number(),
  headline: z.record(z.string(), z.union([z.number(), z.string(), z.array(z.number()), z.null()])),
  forkedFrom: z.object({ run: RunId, step: Step }).nullable(),
  /** The .lotka file that it lies in, and that is only read; absent for runs of the store. */
  file: z.string().optional(),
  provenance: Provenance,
});
export type RunRecord = z.infer<typeof RunRecord>;
