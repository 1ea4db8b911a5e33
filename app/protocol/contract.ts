/**
 * What can be asked of the service, as data. Schemas are the type, the check at the border and the documentation;
 * everything else infers from here. Arrays never travel as JSON: `array()` fields are typed arrays.
 */
import { z } from 'zod';
import { drawingFields } from '#app/figures/drawing.ts';
import { archiveCalls } from './archive-calls.ts';
import { array } from './array.ts';
import { Backend } from './backend.ts';
import { BenchResult } from './bench.ts';
import { datasetCalls } from './dataset-calls.ts';
import { importCalls } from './imports.ts';
import { call, defineContract, stream } from './define.ts';
import { filmCalls } from './film-calls.ts';
import { JsonParameters, RunId, RunRecord, Step } from './run.ts';
import { SpeedResult } from './speed.ts';
import { sweepCalls } from './sweep-calls.ts';

export { JsonParameters, Provenance, RunId, RunRecord, RunStatus, Step } from './run.ts';

export const protocolVersion = 2;

/** A backend as this machine has it. */
export const BackendInfo = z.object({
  name: Backend,
  label: z.string(),
  /** `broken`: it is there and does not work. */
  state: z.enum(['ready', 'absent', 'broken']),
  /** One sentence: what it is good for, or why it cannot be used and what helps. */
  why: z.string(),
  /** What provenance holds of it; null unless it is ready. */
  build: z.string().nullable(),
  precisions: z.array(z.enum(['f32', 'f64'])),
});
export type BackendInfo = z.infer<typeof BackendInfo>;

const SeriesInfo = z.object({
  name: z.string(),
  label: z.string(),
  width: z.number().int(),
  unit: z.string(),
  symbol: z.string().optional(),
});
const FrameInfo = z.object({ name: z.string(), label: z.string(), shape: z.array(z.number().int()) });
export const RecordingInfo = z.object({ series: z.array(SeriesInfo), frames: z.array(FrameInfo) });

/** Measures may yield NaN (nothing to average) and infinities; JSON schemas of numbers would refuse them. */
const anyNumber = () => z.custom<number>((value) => typeof value === 'number', 'expected a number');

const Quantity = z.object({
  id: z.string(),
  label: z.string(),
  symbol: z.string().optional(),
  unit: z.string(),
  value: z.union([anyNumber(), z.string(), z.array(anyNumber()).readonly()]),
  note: z.string().optional(),
  tone: z.enum(['good', 'warn', 'bad']).optional(),
});

export const ClaimResult = z.object({
  id: z.string(),
  statement: z.string(),
  measured: z.string(),
  expected: z.string(),
  tolerance: z.string(),
  holds: z.boolean(),
  /** Runs it was checked on. */
  runs: z.array(RunId),
  checkedAt: z.string(),
});
export type ClaimResult = z.infer<typeof ClaimResult>;

/** One message of `runs.watch`: everything since the previous one the client took. */
export const RunUpdate = z.object({
  record: RunRecord,
  /** Rows appended since the last update: name -> rows x width, in order. */
  rows: z.object({ from: z.number().int(), values: z.record(z.string(), array()) }),
  /** Newest frame of each name; older unseen ones are fetched with `runs.frame` when scrubbed. */
  frames: z.record(z.string(), z.object({ step: Step, shape: z.array(z.number().int()), values: array() })),
  /** Steps of all frames recorded since the last update. */
  frameSteps: z.record(z.string(), z.array(Step)),
  milestones: z.array(z.object({ id: z.string(), label: z.string(), step: Step, rule: z.string() })),
  stepsPerSecond: z.number(),
  secondsLeft: z.number().nullable(),
});
export type RunUpdate = z.infer<typeof RunUpdate>;

const File = z.object({ name: z.string(), mime: z.string(), bytes: array() });

/** A figure of a run. */
const figureFields = {
  run: RunId,
  figure: z.string(),
  step: Step.optional(),
  /** Options of the measures it shows, by measure. */
  options: z.record(z.string(), JsonParameters).default({}),
};

export const contract = defineContract({
  /** What runs where: for Settings, `doctor`, and the first line of a bug report. */
  'app.info': call({
    input: z.object({}),
    output: z.object({
      protocol: z.number(),
      lotka: z.string(),
      host: z.enum(['electron', 'served', 'cli']),
      node: z.string(),
      electron: z.string().nullable(),
      engine: z.string(),
      workers: z.number(),
      store: z.string(),
      checks: z.array(z.object({ id: z.string(), label: z.string(), state: z.enum(['ok', 'off', 'problem']), detail: z.string() })),
    }),
  }),
  /** What can train here, which of them a run gets unless told, and how much memory one run may take. */
  'engine.backends': call({
    input: z.object({}),
    output: z.object({ backends: z.array(BackendInfo), chosen: Backend, bytesPerRun: z.number() }),
  }),
  /** Times every backend on a model, `seconds` each. `fraction` tells how far it is; the last item has the result. */
  'engine.measure': stream({
    input: z.object({
      experiment: z.string(),
      preset: z.string().nullable(),
      parameters: JsonParameters,
      seconds: z.number().min(0.1).max(60).default(1.5),
    }),
    item: z.object({ fraction: z.number(), result: SpeedResult.nullable() }),
    whenSlow: 'latest',
  }),
  /** The latest result of the benchmark: measured here, or shipped. `path` is its file, or where one would lie. */
  'bench.latest': call({
    input: z.object({}),
    output: z.object({
      source: z.enum(['own', 'shipped']).nullable(),
      path: z.string(),
      result: BenchResult.nullable(),
      /** One sentence about a file that cannot be read. */
      trouble: z.string().nullable(),
    }),
  }),
  'settings.read': call({ input: z.object({}), output: z.record(z.string(), z.json()) }),
  'settings.write': call({ input: z.record(z.string(), z.json()), output: z.object({}) }),

  'runs.list': call({
    input: z.object({ search: z.string().optional(), experiment: z.string().optional(), limit: z.number().int().max(10000).default(200) }),
    output: z.object({ runs: z.array(RunRecord), total: z.number() }),
  }),
  'runs.get': call({ input: z.object({ run: RunId }), output: z.object({ record: RunRecord, recording: RecordingInfo }) }),
  'runs.start': call({
    input: z.object({
      experiment: z.string(),
      preset: z.string().nullable(),
      parameters: JsonParameters,
      name: z.string().max(200).optional(),
      /** The one chosen in Settings unless told. */
      backend: Backend.optional(),
      paused: z.boolean().default(false),
    }),
    output: z.object({ run: RunId }),
  }),
  'runs.fork': call({
    /** `backend`: that of the run it comes from unless told. */
    input: z.object({
      run: RunId,
      step: Step,
      parameters: JsonParameters,
      name: z.string().max(200).optional(),
      backend: Backend.optional(),
    }),
    output: z.object({ run: RunId }),
  }),
  'runs.pause': call({ input: z.object({ run: RunId }), output: z.object({}) }),
  'runs.resume': call({ input: z.object({ run: RunId }), output: z.object({}) }),
  /** Takes exactly `count` steps of a paused run. */
  'runs.step': call({ input: z.object({ run: RunId, count: z.number().int().min(1).max(1000) }), output: z.object({}) }),
  'runs.stop': call({ input: z.object({ run: RunId }), output: z.object({}) }),
  'runs.rename': call({ input: z.object({ run: RunId, name: z.string().min(1).max(200) }), output: z.object({}) }),
  /** Moves the folder to the store's trash; `runs.restore` undoes it. */
  'runs.delete': call({ input: z.object({ run: RunId }), output: z.object({}) }),
  'runs.restore': call({ input: z.object({ run: RunId }), output: z.object({}) }),
  'runs.trash': call({
    input: z.object({}),
    output: z.object({ runs: z.number(), sweeps: z.number(), datasets: z.number(), bytes: z.number() }),
  }),
  /** Deletes what is in the trash for good, runs, sweeps and datasets; tells which runs. */
  'runs.emptyTrash': call({ input: z.object({}), output: z.object({ deleted: z.array(RunId) }) }),
  'runs.series': call({
    input: z.object({
      run: RunId,
      names: z.array(z.string()),
      fromRow: z.number().int().min(0),
      toRow: z.number().int().min(0).optional(),
    }),
    output: z.object({ from: z.number(), values: z.record(z.string(), array()) }),
  }),
  'runs.frame': call({
    input: z.object({ run: RunId, name: z.string(), step: Step }),
    output: z.object({ step: Step, shape: z.array(z.number().int()), values: array() }),
  }),
  'runs.frameSteps': call({ input: z.object({ run: RunId, name: z.string() }), output: z.object({ steps: z.array(Step) }) }),
  'runs.milestones': call({
    input: z.object({ run: RunId }),
    output: z.object({ milestones: z.array(z.object({ id: z.string(), label: z.string(), step: Step, rule: z.string() })) }),
  }),
  /** Computes a measure in a worker. `result` is the measure's own structure: JSON values and typed arrays. */
  'runs.measure': call({
    input: z.object({ run: RunId, measure: z.string(), options: JsonParameters }),
    output: z.object({ result: z.unknown(), quantities: z.array(Quantity) }),
  }),

  'export.figure': call({ input: z.object({ ...figureFields, ...drawingFields }), output: File }),
  /** Figures of one run or of several on one page, in rows of `columns`. */
  'export.page': call({
    input: z.object({
      panels: z.array(z.object(figureFields)).min(1).max(24),
      columns: z.number().int().min(1).max(6),
      ...drawingFields,
    }),
    output: File,
  }),
  /** A scalar series of several runs in one figure. `slot`: the run's colour. */
  'export.curves': call({
    input: z.object({
      runs: z
        .array(z.object({ run: RunId, slot: z.number().int().min(0).max(7) }))
        .min(1)
        .max(6),
      series: z.string(),
      x: z.enum(['linear', 'log']),
      y: z.enum(['linear', 'log', 'auto']).default('auto'),
      /** Id of a milestone that all of them have, from which steps are counted. */
      event: z.string().nullable().default(null),
      /** By how much each lies above the first. */
      difference: z.boolean().default(false),
      ...drawingFields,
    }),
    output: File,
  }),
  'export.picture': call({
    input: z.object({
      run: RunId,
      picture: z.string(),
      step: Step.optional(),
      /** From where it is seen, in radians; as the screen first shows it unless told. */
      view: z.object({ azimuth: z.number(), elevation: z.number() }).optional(),
      ...drawingFields,
    }),
    output: File,
  }),

  /** What a check would train: distinct runs, those that are stored already, steps of the others and about how long they take. */
  'claims.cost': call({
    input: z.object({
      experiment: z.string(),
      claims: z.array(z.string()).optional(),
      quick: z.boolean().default(false),
      backend: Backend.default('wasm'),
    }),
    output: z.object({
      claims: z.number().int(),
      runs: z.number().int(),
      stored: z.number().int(),
      steps: z.number().int(),
      workers: z.number().int(),
      secondsInAll: z.number().nullable(),
    }),
  }),
  'claims.list': call({ input: z.object({ experiment: z.string() }), output: z.object({ results: z.array(ClaimResult) }) }),

  'runs.watch': stream({
    input: z.object({ run: RunId, fromRow: z.number().int().min(0).default(0) }),
    item: RunUpdate,
    whenSlow: 'merge',
  }),
  'runs.changes': stream({
    input: z.object({}),
    item: z.object({ kind: z.enum(['changed', 'removed']), run: RunId, record: RunRecord.nullable() }),
    whenSlow: 'all',
  }),
  'claims.check': stream({
    input: z.object({
      experiment: z.string(),
      claims: z.array(z.string()).optional(),
      quick: z.boolean().default(false),
      /** What trains the runs of the claims; the one whose bits are the same everywhere unless told. */
      backend: Backend.default('wasm'),
    }),
    item: z.object({
      fraction: z.number(),
      secondsLeft: z.number().nullable(),
      what: z.string(),
      result: ClaimResult.optional(),
    }),
    whenSlow: 'all',
  }),

  ...archiveCalls,
  ...filmCalls,
  ...sweepCalls,
  ...datasetCalls,
  ...importCalls,
});

export type Contract = typeof contract;
