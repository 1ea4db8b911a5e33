import type { Experiment, Parameters } from '#app/experiments/experiment.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { SpeedResult } from '#app/protocol/speed.ts';
import { listBackends } from '#main/workers/backends.ts';
import type { Pool } from '#main/workers/pool.ts';

export interface SpeedInput {
  readonly experiment: string;
  readonly preset: string | null;
  readonly parameters: Parameters;
  readonly seconds: number;
}

/** Answers `engine.measure`: times the backends of this machine on a model, in an engine that is gone afterwards. */
export async function* measureBackends(
  { pool, experimentById }: { pool: Pool; experimentById: (id: string) => Experiment },
  { experiment: id, preset, parameters, seconds }: SpeedInput,
  signal: AbortSignal,
): AsyncGenerator<{ fraction: number; result: SpeedResult | null }> {
  const parsed = parseParameters(experimentById(id), preset, parameters);
  const backends = (await listBackends()).map(({ name }) => name);
  yield* pool.measureSpeed({ experiment: id, parameters: parsed as Record<string, never>, backends, seconds }, signal);
  if (signal.aborted) throw new LotkaError('cancelled', 'It was cancelled.');
}
