/**
 * Sweeps as data: what is asked for, what came out, what is being done. A **point** is one choice of values on all axes,
 * a place on the map; a **trial** is one training of a point, with one seed. Points are numbered in the order in which
 * `app/sweeps` lists them, which depends on the definition alone; so (point, seed) names a trial for ever.
 */
import { z } from 'zod';
import { Backend } from './backend.ts';

export const SweepId = z.string().regex(/^[a-z0-9-]{6,80}$/, 'a sweep id has lower-case letters, digits and hyphens');

const Values = z.record(z.string(), z.json());
const index = z.number().int().min(0);

/** Values of one parameter. Ends of a range are included; whole-number parameters get whole numbers. */
export const SweepAxis = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('range'),
    parameter: z.string(),
    scale: z.enum(['linear', 'log']),
    from: z.number(),
    to: z.number(),
    count: z.number().int(),
  }),
  z.object({ kind: z.literal('list'), parameter: z.string(), values: z.array(z.json()) }),
]);
export type SweepAxis = z.infer<typeof SweepAxis>;

/** How points are chosen from the axes. */
export const Sampling = z.discriminatedUnion('kind', [
  /** Every combination; the first axis runs fastest. */
  z.object({ kind: z.literal('grid') }),
  /** Independent draws, uniform on each axis (or on its logarithm). */
  z.object({ kind: z.literal('random'), samples: z.number().int(), seed: index }),
  /** Each axis cut into `samples` strata, each hit once. */
  z.object({ kind: z.literal('latin'), samples: z.number().int(), seed: index }),
  /**
   * Points of the grid of the first two axes (every combination of further ones), first every `stride`th, then in rounds of half the
   * stride only those between neighbours whose outcome differs; the rest is inferred from neighbours that agree.
   */
  z.object({ kind: z.literal('adaptive'), stride: z.number().int(), outcome: z.string() }),
]);
export type Sampling = z.infer<typeof Sampling>;

export const SweepDefinition = z.object({
  name: z.string().max(200),
  experiment: z.string(),
  preset: z.string().nullable(),
  /** What differs from the preset in every trial. */
  parameters: Values,
  /** What computes the trials. */
  backend: Backend,
  axes: z.array(SweepAxis),
  sampling: Sampling,
  /** All named parameters get the same seed in a trial: `first`, `first + 1`, ... */
  seeds: z.object({ parameters: z.array(z.string()), first: index, count: z.number().int() }),
  /** `outcomes`: the numbers of the map only, any trial can be trained again to the same bits; `runs`: every trial becomes a run. */
  keep: z.enum(['outcomes', 'runs']),
});
export type SweepDefinition = z.infer<typeof SweepDefinition>;

export const TrialKey = z.object({ point: index, seed: index });
export type TrialKey = z.infer<typeof TrialKey>;

/** What came out of a trial. Everything but `seconds`, `worker`, `attempt` and `run` is the same whoever trained it, whenever. */
export const TrialResult = z.object({
  ...TrialKey.shape,
  /** `diverged` is a result; `failed` is none (the message says why) and can be retried. */
  state: z.enum(['finished', 'diverged', 'failed']),
  outcomes: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
  step: index,
  message: z.string().nullable(),
  seconds: z.number(),
  worker: z.string(),
  attempt: z.number().int().min(1),
  /** The run it was kept as. */
  run: z.string().nullable(),
});
export type TrialResult = z.infer<typeof TrialResult>;

export const SweepStatus = z.enum(['planned', 'running', 'paused', 'finished', 'failed', 'interrupted']);
export type SweepStatus = z.infer<typeof SweepStatus>;

/** Where trials are trained: this machine's cores, a Slurm cluster over a shared folder, or workers of a Redis queue. */
export const SweepPlace = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('local') }),
  z.object({
    kind: z.literal('slurm'),
    /** Folder that the cluster's nodes see under the same path. */
    folder: z.string(),
    /** Trials that one array task trains; chosen from the estimate when null. */
    trialsPerTask: z.number().int().min(1).nullable(),
    /** Further `sbatch` options, one per entry, e.g. `--partition=short`. */
    options: z.array(z.string()),
  }),
  /** Address without a password is stored; the password comes from LOTKA_REDIS_PASSWORD or the address given at the start. */
  z.object({ kind: z.literal('redis'), url: z.string(), queue: z.string() }),
]);
export type SweepPlace = z.infer<typeof SweepPlace>;

/** `sweep.json`, also what lists show. */
export const SweepRecord = z.object({
  format: z.literal(1),
  id: SweepId,
  definition: SweepDefinition,
  /** Points added to those of the definition by refining: values of the axes' parameters, in the order they were added. */
  added: z.array(Values),
  place: SweepPlace,
  status: SweepStatus,
  /** Sentence for people when failed or interrupted. */
  message: z.string().nullable(),
  /** Trials that are planned so far (an adaptive sweep plans round by round), have a result, diverged, failed. */
  planned: index,
  done: index,
  diverged: index,
  failed: index,
  /** Seconds of training of all results together. */
  trainingSeconds: z.number(),
  created: z.string(),
  /** Lotka and the engine's build that results belong to. */
  lotka: z.string(),
  engine: z.string(),
  /** The .lotka file that it lies in, and that is only read; absent for sweeps of the store. */
  file: z.string().optional(),
});
export type SweepRecord = z.infer<typeof SweepRecord>;

/** Cost of a sweep before it starts. */
export const SweepEstimate = z.object({
  points: index,
  trials: index,
  stepsPerTrial: index,
  /** Of one trial, measured on this machine just now; null while that is not known. */
  secondsPerTrial: z.number().nullable(),
  /** Wall time with all workers that are there. */
  secondsInAll: z.number().nullable(),
  workers: z.number().int(),
  /** Memory of one trial's engine; disk of what is kept in all. */
  bytesPerTrial: z.number(),
  bytesKept: z.number(),
});
export type SweepEstimate = z.infer<typeof SweepEstimate>;

/** Somebody who trains trials. */
export const SweepWorker = z.object({
  name: z.string(),
  state: z.enum(['training', 'idle', 'lost', 'other version']),
  trials: index,
  failures: index,
  /** Trials per minute over the last minutes. */
  perMinute: z.number(),
});
export type SweepWorker = z.infer<typeof SweepWorker>;

/** One message of `sweeps.watch`: everything since the previous one the client took. */
export const SweepUpdate = z.object({
  record: SweepRecord,
  results: z.array(TrialResult),
  /** Trials that are being trained now. */
  training: z.array(TrialKey),
  workers: z.array(SweepWorker),
  secondsLeft: z.number().nullable(),
});
export type SweepUpdate = z.infer<typeof SweepUpdate>;

/** What can train sweeps here, and why not. */
export const SweepPlaceInfo = z.object({
  kind: z.enum(['local', 'slurm', 'redis']),
  label: z.string(),
  state: z.enum(['ready', 'absent', 'broken']),
  /** One sentence: what it is good for, or why it cannot be used and what helps. */
  why: z.string(),
});
export type SweepPlaceInfo = z.infer<typeof SweepPlaceInfo>;
