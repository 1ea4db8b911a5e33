import { partOf } from '#app/experiments/parts.ts';
import type { Contract } from '#app/protocol/contract.ts';
import type { OutputOf } from '#app/protocol/define.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import type { BackendName } from '#app/engine/types.ts';
import { parametersKey } from '#app/runs/record.ts';
import { datasets } from '#main/datasets/source.ts';
import type { Pool } from '#main/workers/pool.ts';
import { secondsPerStep, type Sample } from '#main/workers/step-time.ts';
import type { Runs } from './runs.ts';

/** Sizes of networks that are timed; those that take least in all are reckoned by their operations. */
const timedSizes = 8;

/**
 * What a check of claims will train before anything is trained: sizes of networks are timed for a moment each.
 * @throws LotkaError `not-found` for an unknown claim, `cancelled`
 */
export async function claimsCost(
  { runs, pool, experiment }: { runs: Runs; pool: Pool; experiment: Experiment },
  { claims: ids, quick, backend }: { claims?: readonly string[]; quick: boolean; backend: BackendName },
  signal: AbortSignal,
): Promise<OutputOf<Contract['claims.cost']>> {
  const claims = ids ? ids.map((id) => partOf(experiment, 'claims', id)) : experiment.claims;
  const planned = claims.flatMap((claim) => claim.plan({ quick }).map((parameters) => experiment.parameters.parse(parameters)));
  const wanted = [...new Map(planned.map((parameters) => [parametersKey(parameters), parameters])).values()];
  const missing: Sample[] = [];
  for (const parameters of wanted) {
    const equal = await runs.equalRun(experiment.id, parameters, backend);
    if (equal?.status !== 'finished') missing.push({ parameters, estimate: experiment.estimate(parameters, datasets) });
  }
  const sizes = new Map<string, Sample[]>();
  for (const one of missing) {
    const size = `${one.estimate.flopsPerStep} ${one.estimate.arenaBytes}`;
    sizes.set(size, [...(sizes.get(size) ?? []), one]);
  }
  const costOf = (samples: readonly Sample[]): number =>
    samples.reduce((sum, { estimate: { steps, flopsPerStep } }) => sum + steps * flopsPerStep, 0);
  const groups = [...sizes.values()].sort((a, b) => costOf(b) - costOf(a));
  let seconds = 0;
  let perOperation: number | null = null;
  for (const [index, group] of groups.entries()) {
    const [first] = group as [Sample, ...Sample[]];
    const { estimate } = first;
    const timed = index < timedSizes ? await secondsPerStep(pool, experiment, first, backend, true, signal) : null;
    if (timed !== null) perOperation = timed / estimate.flopsPerStep;
    const perStep = timed ?? (perOperation === null ? null : perOperation * estimate.flopsPerStep);
    if (perStep === null) return { ...counted(), secondsInAll: null };
    seconds += perStep * group.reduce((sum, one) => sum + one.estimate.steps, 0);
  }
  return { ...counted(), secondsInAll: seconds / Math.max(1, Math.min(pool.size, missing.length)) };

  function counted() {
    const steps = missing.reduce((sum, { estimate }) => sum + estimate.steps, 0);
    return { claims: claims.length, runs: wanted.length, stored: wanted.length - missing.length, steps, workers: pool.size };
  }
}
