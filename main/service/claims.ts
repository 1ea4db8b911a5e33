import type { BackendName } from '#app/engine/types.ts';
import type { Experiment } from '#app/experiments/experiment.ts';
import { partOf } from '#app/experiments/parts.ts';
import type { ClaimResult, Contract } from '#app/protocol/contract.ts';
import type { ItemOf } from '#app/protocol/define.ts';
import { isResumable, parametersKey } from '#app/runs/record.ts';
import type { Pool } from '#main/workers/pool.ts';
import { pause } from './pause.ts';
import type { Runs } from './runs.ts';

type Progress = ItemOf<Contract['claims.check']>;

/** Part of the whole that training is reckoned to take; checking is the rest. */
const trainingShare = 0.9;
const progressMilliseconds = 250;

/**
 * Checks claims of an experiment: trains the runs they plan, each set of parameters once, going on with what the store
 * has of it from the same engine, then checks each claim in a worker and saves what came out.
 * @throws LotkaError `not-found` for an unknown claim; a run that fails or diverges makes its claims fail, in words.
 */
export async function* checkClaims(
  parts: { runs: Runs; pool: Pool; experiment: Experiment; now: () => number },
  options: { claims?: readonly string[]; quick: boolean; backend: BackendName },
  signal: AbortSignal,
): AsyncGenerator<Progress> {
  const { runs, pool, experiment, now } = parts;
  const { backend } = options;
  const claims = options.claims ? options.claims.map((id) => partOf(experiment, 'claims', id)) : experiment.claims;
  const plans = claims.map((claim) => claim.plan({ quick: options.quick }).map((parameters) => experiment.parameters.parse(parameters)));

  const wanted = new Map(plans.flat().map((parameters) => [parametersKey(parameters), parameters]));
  const runOf = new Map<string, string>();
  const awaited: string[] = [];
  const started: string[] = [];
  for (const [key, parameters] of wanted) {
    const equal = await runs.equalRun(experiment.id, parameters, backend);
    const name = `${experiment.id}, for the claims`;
    const run =
      equal?.id ?? (await runs.start({ experiment: experiment.id, preset: null, parameters, name, backend, priority: 'background' }));
    const resumed = equal !== null && isResumable(equal.status);
    if (resumed) await runs.resume(run, 'background');
    if (!equal || resumed) started.push(run);
    if (equal?.status !== 'finished') awaited.push(run);
    runOf.set(key, run);
  }

  const begun = now();
  try {
    let unfinished = awaited;
    let fractionAtFirst: number | null = null;
    while (unfinished.length > 0) {
      if (signal.aborted) return;
      await Promise.race([...unfinished.map((run) => runs.finished(run)), pause(progressMilliseconds, signal)]);
      unfinished = unfinished.filter((run) => runs.liveView(run));
      const records = awaited.map((run) => runs.record(run));
      const steps = records.reduce((sum, record) => sum + record.steps, 0);
      const done = records.reduce(
        (sum, record) => sum + (record.status === 'diverged' || record.status === 'failed' ? record.steps : record.step),
        0,
      );
      const fraction = steps === 0 ? 1 : done / steps;
      const elapsed = (now() - begun) / 1000;
      fractionAtFirst ??= fraction;
      const gained = fraction - fractionAtFirst;
      yield {
        fraction: fraction * trainingShare,
        secondsLeft: gained > 0.01 ? (elapsed / gained) * (1 - fraction * trainingShare) : null,
        what: `trained ${awaited.length - unfinished.length} of ${awaited.length} runs`,
      };
    }

    for (const [index, claim] of claims.entries()) {
      if (signal.aborted) return;
      const share = (1 - trainingShare) / claims.length;
      yield { fraction: trainingShare + share * index, secondsLeft: null, what: `checking: ${claim.statement}` };
      const ids = plans[index]!.map((parameters) => runOf.get(parametersKey(parameters))!);
      const result = await checkOne(parts, claim, ids, signal);
      await remember(runs, experiment, result);
      yield { fraction: trainingShare + share * (index + 1), secondsLeft: null, what: claim.statement, result };
    }
  } finally {
    if (signal.aborted) await Promise.all(started.map((run) => runs.stop(run)));
  }

  async function checkOne(
    { now: clock }: typeof parts,
    claim: Experiment['claims'][number],
    ids: string[],
    abort: AbortSignal,
  ): Promise<ClaimResult> {
    const described = { id: claim.id, statement: claim.statement, runs: [...new Set(ids)], checkedAt: new Date(clock()).toISOString() };
    const broken = ids.map((id) => runs.record(id)).find((record) => record.status !== 'finished');
    if (broken) {
      return {
        ...described,
        measured: `run ${broken.id} ${broken.status}${broken.message ? `: ${broken.message}` : ''}`,
        expected: 'finished runs',
        tolerance: '',
        holds: false,
      };
    }
    const folders = ids.map((id) => runs.store.folderOf(id));
    const check = { experiment: experiment.id, claim: claim.id, folders, backends: [backend] };
    return { ...described, ...(await pool.checkClaim(check, abort)) };
  }
}

async function remember(runs: Runs, experiment: Experiment, result: ClaimResult): Promise<void> {
  const others = runs.store.claims(experiment.id).filter((other) => other.id !== result.id);
  await runs.store.saveClaims(experiment.id, [...others, result]);
}
