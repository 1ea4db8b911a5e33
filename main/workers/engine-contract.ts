/** What the service asks of an engine worker. The same protocol as between window and service, over a worker port. */
import { z } from 'zod';
import type { Checkpoint, RealArray } from '#app/engine/types.ts';
import { JsonParameters, RunId, Step } from '#app/protocol/contract.ts';
import { call, defineContract, stream, type ItemOf } from '#app/protocol/define.ts';

const EngineCheckpoint = z.custom<Checkpoint>(
  (value) => typeof value === 'object' && value !== null && 'step' in value && 'arrays' in value,
  'expected a checkpoint',
);

const Reals = z.custom<RealArray>((value) => value instanceof Float64Array || value instanceof Float32Array, 'expected real numbers');

/** Shared memory of one number: 1 asks a computation that cannot receive messages to give up. */
const CancelFlag = z.custom<Int32Array>((value) => value instanceof Int32Array && value.length === 1, 'expected a flag');

export const engineContract = defineContract({
  /** Trains until finished, stopped or diverged; while paused it waits for `train.control`. */
  train: stream({
    input: z.object({
      run: RunId,
      experiment: z.string(),
      parameters: JsonParameters,
      checkpoint: EngineCheckpoint.nullable(),
      paused: z.boolean(),
    }),
    item: z.object({
      state: z.enum(['training', 'paused', 'finished', 'stopped', 'diverged']),
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
      checkpoint: z.object({ state: EngineCheckpoint, permanent: z.boolean() }).nullable(),
    }),
    whenSlow: 'all',
  }),
  'train.control': call({
    input: z.object({ run: RunId, action: z.enum(['pause', 'resume', 'stop', 'step']), count: z.number().int().min(1).default(1) }),
    output: z.object({}),
  }),

  /** Computes a measure of the run in a folder. */
  measure: call({
    input: z.object({ folder: z.string(), measure: z.string(), options: JsonParameters, cancel: CancelFlag }),
    output: z.object({ result: z.unknown(), quantities: z.array(z.unknown()) }),
  }),
  /** State of a recorded run after exactly `step` updates. */
  'checkpoint.at': call({ input: z.object({ folder: z.string(), step: Step, cancel: CancelFlag }), output: EngineCheckpoint }),
  /** Checks a claim on the runs in folders, which are in the order of its plan. */
  'claim.check': call({
    input: z.object({ experiment: z.string(), claim: z.string(), folders: z.array(z.string()), cancel: CancelFlag }),
    output: z.object({ measured: z.string(), expected: z.string(), tolerance: z.string(), holds: z.boolean() }),
  }),
});

export type EngineContract = typeof engineContract;
export type TrainingBatch = ItemOf<EngineContract['train']>;
