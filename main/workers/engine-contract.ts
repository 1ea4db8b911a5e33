/** What the service asks of an engine worker. The same protocol as between window and service, over a worker port. */
import { z } from 'zod';
import type { Checkpoint, RealArray } from '#app/engine/types.ts';
import { Backend } from '#app/protocol/backend.ts';
import { JsonParameters, RunId, Step } from '#app/protocol/contract.ts';
import { call, defineContract, stream, type ItemOf, type OutputOf } from '#app/protocol/define.ts';
import { SpeedResult } from '#app/protocol/speed.ts';

const EngineCheckpoint = z.custom<Checkpoint>(
  (value) => typeof value === 'object' && value !== null && 'step' in value && 'arrays' in value,
  'expected a checkpoint',
);

const Reals = z.custom<RealArray>((value) => value instanceof Float64Array || value instanceof Float32Array, 'expected real numbers');

/**
 * Shared memory of one number: 1 asks a computation that cannot receive messages to give up. Null where memory cannot be shared;
 * the computation then hears of it when it next listens.
 */
const CancelFlag = z.custom<Int32Array>((value) => value instanceof Int32Array && value.length === 1, 'expected a flag').nullable();

/** What a run recorded between two looks. */
const recorded = {
  step: Step,
  from: z.number(),
  count: z.number(),
  rows: z.record(
    z.string(),
    z.custom<Float64Array>((value) => value instanceof Float64Array, 'expected rows'),
  ),
  frames: z.array(z.object({ name: z.string(), step: Step, shape: z.array(z.number()).readonly(), values: Reals })).readonly(),
  message: z.string().nullable(),
  /** Seconds of computing since the previous batch. */
  seconds: z.number(),
};

export const engineContract = defineContract({
  /** Trains until finished, stopped or diverged, or told to give way; while paused it waits for `train.control`. */
  train: stream({
    input: z.object({
      run: RunId,
      experiment: z.string(),
      parameters: JsonParameters,
      backend: Backend,
      checkpoint: EngineCheckpoint.nullable(),
      /** True if the row of the checkpoint's step is recorded already. */
      settled: z.boolean().default(false),
      paused: z.boolean(),
    }),
    item: z.object({
      ...recorded,
      /** `waiting`: it gave way and ended here; its checkpoint is the state to go on from, and the row of that step is recorded. */
      state: z.enum(['training', 'paused', 'waiting', 'finished', 'stopped', 'diverged']),
      checkpoint: z.object({ state: EngineCheckpoint, permanent: z.boolean() }).nullable(),
    }),
    whenSlow: 'all',
  }),
  'train.control': call({
    input: z.object({
      run: RunId,
      action: z.enum(['pause', 'resume', 'stop', 'step', 'give way']),
      count: z.number().int().min(1).default(1),
    }),
    output: z.object({}),
  }),
  /**
   * Trains runs one after the other from their beginnings, each to its end. What came out of them is told together, so that tiny
   * runs do not pay a message each. A run that cannot be trained is `failed` with a sentence and the others go on.
   */
  'train.many': stream({
    input: z.object({
      backend: Backend,
      /** `outcomes`: what a run came to is all that leaves the worker, no rows, frames or checkpoints. */
      keep: z.enum(['all', 'outcomes']).default('all'),
      /** Bytes of memory that one run may take; one that needs more fails before its first step. */
      bytesPerRun: z.number().positive().nullable().default(null),
      runs: z.array(z.object({ run: z.string(), experiment: z.string(), parameters: JsonParameters })),
    }),
    item: z.object({
      results: z.array(
        z.object({
          ...recorded,
          run: z.string(),
          state: z.enum(['finished', 'diverged', 'failed']),
          /** Parameters and optimiser at the end; null unless finished. */
          checkpoint: EngineCheckpoint.nullable(),
          /** What it came to, as far as it was trained; a number that is not finite is null. Empty if it failed. */
          outcomes: z.record(z.string(), z.union([z.number(), z.string(), z.null()])),
        }),
      ),
    }),
    whenSlow: 'all',
  }),

  /** Times training on several backends in turn; the last item has the result. */
  speed: stream({
    input: z.object({ experiment: z.string(), parameters: JsonParameters, backends: z.array(Backend), seconds: z.number() }),
    item: z.object({ fraction: z.number(), result: SpeedResult.nullable() }),
    whenSlow: 'latest',
  }),

  /** Computes a measure of the run in a folder. `note`: a sentence that qualifies the result, or null. */
  measure: call({
    input: z.object({ folder: z.string(), measure: z.string(), options: JsonParameters, cancel: CancelFlag }),
    output: z.object({ result: z.unknown(), quantities: z.array(z.unknown()), note: z.string().nullable() }),
  }),
  /** State of a recorded run after exactly `step` updates. */
  'checkpoint.at': call({
    input: z.object({ folder: z.string(), step: Step, cancel: CancelFlag }),
    output: z.object({ checkpoint: EngineCheckpoint, note: z.string().nullable() }),
  }),
  /** Checks a claim on the runs in folders, which are in the order of its plan. */
  'claim.check': call({
    input: z.object({ experiment: z.string(), claim: z.string(), folders: z.array(z.string()), cancel: CancelFlag }),
    output: z.object({ measured: z.string(), expected: z.string(), tolerance: z.string(), holds: z.boolean() }),
  }),
});

export type EngineContract = typeof engineContract;
export type TrainingBatch = ItemOf<EngineContract['train']>;
export type TrainingResult = ItemOf<EngineContract['train.many']>['results'][number];
export type StateAtStep = OutputOf<EngineContract['checkpoint.at']>;
