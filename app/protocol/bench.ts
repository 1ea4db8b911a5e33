/** What a run of the benchmark found: the file it writes, and what `bench.latest` answers. Times are in seconds unless named otherwise. */
import { z } from 'zod';

/** How a number varied over the rounds. */
export const Spread = z.object({ minimum: z.number(), q10: z.number(), median: z.number(), q90: z.number() });
export type Spread = z.infer<typeof Spread>;

/** One burst of steps. */
const Burst = z.object({ steps: z.number(), t: z.number(), cpu: z.number() });

/** An engine or a peer in one workload. */
export const BenchEngine = z.object({
  id: z.string(),
  /** `Lotka wasm-relaxed`, `PyTorch 2.13.0`. */
  name: z.string(),
  form: z.string(),
  versions: z.record(z.string(), z.string()),
  /** Why it did not take part. */
  skipped: z.string().nullable(),
  /** Milliseconds a step of one run. */
  cpu: Spread.nullable(),
  wall: Spread.nullable(),
  /** Bytes resident at the end. */
  memory: z.number().nullable(),
  /** Training loss of steps 1-10 and 100. */
  losses: z.object({ first: z.array(z.number().nullable()), late: z.number().nullable() }).nullable(),
  /** What a step measured beside the loss, at step 10. */
  measures: z.record(z.string(), z.number().nullable()),
  /** Every burst, in order of the rounds. */
  rounds: z.array(Burst),
});
export type BenchEngine = z.infer<typeof BenchEngine>;

/** One line of the table: something of ours against a peer, or against a bound. */
export const BenchRow = z.object({
  id: z.string(),
  workload: z.string(),
  title: z.string(),
  ours: z.string(),
  against: z.string(),
  unit: z.enum(['×', '%', 'MB']),
  /** Per-round values; process CPU time where time matters. Null when nothing may be claimed; `note` says why. */
  value: Spread.nullable(),
  /** The same by the clock on the wall. */
  wall: Spread.nullable(),
  /** `least` must be reached; for megabytes the less the better. */
  target: z.object({ least: z.number(), aim: z.number() }).nullable(),
  /** Whether both sides compute the same, and how that was decided. Null where there is nothing to compare. */
  gate: z.object({ passed: z.boolean(), detail: z.string() }).nullable(),
  note: z.string().nullable(),
});
export type BenchRow = z.infer<typeof BenchRow>;

export const BenchMachine = z.object({
  cpu: z.string(),
  cores: z.number(),
  memory: z.number(),
  platform: z.string(),
  node: z.string(),
  v8: z.string(),
  flags: z.array(z.string()),
  /** Builds of our backends by name, or why one cannot be used. */
  engines: z.record(z.string(), z.string()),
  lotka: z.string(),
  commit: z.string().nullable(),
  /** One, five, fifteen minutes, at the beginning and at the end. */
  load: z.object({ before: z.array(z.number()), after: z.array(z.number()) }),
});

/**
 * What the processor can do with 128-bit vectors, in GFLOP/s, in chains of x = x a + b: with fused multiply-add, which is the most there is,
 * and, for comparison, with multiplication and addition by themselves.
 */
export const BenchPeak = z.object({
  fused32: z.number().nullable(),
  fused64: z.number().nullable(),
  separate32: z.number(),
  separate64: z.number(),
  /** The same chains in C; null with the reason where it cannot be had. */
  native: z.object({ f32: z.number(), f64: z.number() }).nullable(),
  nativeNote: z.string().nullable(),
});

export const BenchResult = z.object({
  format: z.literal(1),
  created: z.string(),
  rounds: z.number(),
  burstMilliseconds: z.number(),
  machine: BenchMachine,
  peak: BenchPeak,
  peerEnvironment: z.record(z.string(), z.string()),
  /** Peers that were looked for and are not there, each with the reason. */
  missing: z.array(z.object({ name: z.string(), reason: z.string() })),
  rows: z.array(BenchRow),
  workloads: z.array(z.object({ id: z.string(), title: z.string(), noise: z.number().nullable(), engines: z.array(BenchEngine) })),
});
export type BenchResult = z.infer<typeof BenchResult>;

/** Whether a row reaches its target: `aim`, only `least`, neither, or undecided for want of a value or a target. */
export function verdict(row: Pick<BenchRow, 'value' | 'target' | 'unit'>): 'aim' | 'least' | 'missed' | 'none' {
  if (!row.value || !row.target) return 'none';
  const reached = (bound: number): boolean => (row.unit === 'MB' ? row.value!.median <= bound : row.value!.median >= bound);
  return reached(row.target.aim) ? 'aim' : reached(row.target.least) ? 'least' : 'missed';
}
