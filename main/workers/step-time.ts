/** How long a step of a model takes here: timed for a moment, and remembered for networks of the same size. */
import type { BackendName } from '#app/engine/types.ts';
import type { Estimate, Experiment, Parameters } from '#app/experiments/experiment.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import type { Pool } from './pool.ts';

export interface Sample {
  readonly parameters: Parameters;
  readonly estimate: Estimate;
}

const measuredSeconds = 0.4;

/** Seconds that a step took, by size of the network and backend: asked again and again while somebody edits a sweep. */
const measured = new Map<string, number>();
const measuredKept = 200;

/**
 * Seconds of one step of a model, recorded as in a trial.
 * @returns null if it was not measured before and is not to be
 * @throws LotkaError `cancelled`
 */
export async function secondsPerStep(
  pool: Pool,
  experiment: Experiment,
  { parameters, estimate: { flopsPerStep, arenaBytes, rowBytes, steps } }: Sample,
  backend: BackendName,
  measure: boolean,
  signal: AbortSignal,
): Promise<number | null> {
  // Networks of one size take one time, whatever their rates and seeds.
  const key = [experiment.id, backend, parameters.precision, flopsPerStep, arenaBytes, rowBytes / (steps + 1)].join(' ');
  const known = measured.get(key) ?? null;
  if (known !== null || !measure) return known;
  const request = {
    experiment: experiment.id,
    parameters: parameters as Record<string, never>,
    backends: [backend],
    seconds: measuredSeconds,
  };
  for await (const { result } of pool.measureSpeed(request, signal)) {
    const rate = result?.backends[0]?.stepsPerSecond;
    if (rate === undefined || rate === null || rate <= 0) continue;
    measured.set(key, 1 / rate);
    const [oldest] = measured.keys();
    if (measured.size > measuredKept && oldest !== undefined) measured.delete(oldest);
  }
  if (signal.aborted) throw new LotkaError('cancelled', 'It was cancelled.');
  return measured.get(key) ?? null;
}
