/** The part of the contract that is about sweeps. */
import { z } from 'zod';
import { drawingFields } from '#app/figures/drawing.ts';
import { array } from './array.ts';
import { call, stream } from './define.ts';
import {
  SweepDefinition,
  SweepEstimate,
  SweepId,
  SweepPlace,
  SweepPlaceInfo,
  SweepRecord,
  SweepUpdate,
  TrialKey,
  TrialResult,
} from './sweep.ts';

const sweep = z.object({ sweep: SweepId });
const nothing = z.object({});

export const sweepCalls = {
  /** What can train sweeps here. `redis`: an address to try, with its password. */
  'sweeps.places': call({ input: z.object({ redis: z.string().optional() }), output: z.object({ places: z.array(SweepPlaceInfo) }) }),
  'sweeps.list': call({ input: z.object({}), output: z.object({ sweeps: z.array(SweepRecord) }) }),
  'sweeps.get': call({ input: sweep, output: SweepRecord }),
  /** Every result recorded so far, in the order of (point, seed). */
  'sweeps.results': call({ input: sweep, output: z.object({ results: z.array(TrialResult) }) }),
  /** Checks a definition and tells its cost; fails with a sentence that names the axis or parameter. Nothing is trained for long. */
  'sweeps.estimate': call({ input: z.object({ definition: SweepDefinition, measure: z.boolean().default(true) }), output: SweepEstimate }),
  /** Checks definition and place first; returns once the sweep is recorded. */
  'sweeps.start': call({
    input: z.object({ definition: SweepDefinition, place: SweepPlace.default({ kind: 'local' }) }),
    output: z.object({ sweep: SweepId }),
  }),
  'sweeps.pause': call({ input: sweep, output: nothing }),
  'sweeps.resume': call({ input: sweep, output: nothing }),
  /** Trains failed trials again. */
  'sweeps.retry': call({ input: sweep, output: nothing }),
  /** Adds seeds to every point. */
  'sweeps.addSeeds': call({ input: z.object({ sweep: SweepId, count: z.number().int().min(1).max(100) }), output: nothing }),
  /** Adds points halfway between those of a grid within a region of its first two axes (values of the axes, ends included). */
  'sweeps.refine': call({
    input: z.object({ sweep: SweepId, region: z.record(z.string(), z.tuple([z.number(), z.number()])) }),
    output: z.object({ added: z.number().int() }),
  }),
  'sweeps.rename': call({ input: z.object({ sweep: SweepId, name: z.string().min(1).max(200) }), output: nothing }),
  /** Moves the folder to the store's trash; `sweeps.restore` undoes it. */
  'sweeps.delete': call({ input: sweep, output: nothing }),
  'sweeps.restore': call({ input: sweep, output: nothing }),
  /** The run of a trial: the one it was kept as, or one that trains it again to the same bits. */
  'sweeps.openTrial': call({ input: z.object({ sweep: SweepId, trial: TrialKey }), output: z.object({ run: z.string() }) }),
  'sweeps.watch': stream({ input: sweep, item: SweepUpdate, whenSlow: 'merge' }),
  'sweeps.changes': stream({
    input: nothing,
    item: z.object({ kind: z.enum(['changed', 'removed']), sweep: SweepId, record: SweepRecord.nullable() }),
    whenSlow: 'all',
  }),
  /**
   * The map as a figure or as a table (one row a trial). `x`, `y`: the axes' parameters; the first two of the sweep where null. `at`:
   * values of the further axes, by parameter. `seed`: one seed only, counted from 0. `smoothed`: smooth boundaries between phases. `over`: of a landscape, a run whose way is drawn over it, and where it stands.
   */
  'export.map': call({
    input: z.object({
      sweep: SweepId,
      outcome: z.string(),
      x: z.string().nullable().default(null),
      y: z.string().nullable().default(null),
      seed: z.number().int().min(0).nullable().default(null),
      smoothed: z.boolean().default(false),
      at: z.record(z.string(), z.json()).default({}),
      overlay: z.string().nullable().default(null),
      over: z
        .object({ run: z.string(), step: z.number().int().min(0).nullable() })
        .nullable()
        .default(null),
      ...drawingFields,
    }),
    output: z.object({ name: z.string(), mime: z.string(), bytes: array() }),
  }),
};
