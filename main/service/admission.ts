import type { Experiment, Parameters, Training } from '#app/experiments/experiment.ts';
import { requireMemory } from '#app/experiments/memory.ts';
import type { BackendInfo, RunRecord } from '#app/protocol/contract.ts';
import { LotkaError } from '#app/protocol/errors.ts';
import { datasets } from '#main/datasets/source.ts';
import { backendNamed, requireBackend, type ReadyBackend } from '#main/workers/backends.ts';

/** @throws LotkaError `conflict` for an experiment whose runs are imported, saying why nothing is trained */
export function requireTrainable({ imported }: Experiment): void {
  if (imported) throw new LotkaError('conflict', imported.why);
}

/**
 * Builds what is to be trained, if it can be trained here.
 * @param limit bytes that one run may take
 * @throws LotkaError `bad-input` if the backend lacks the precision or the run needs more memory
 */
export function admit(experiment: Experiment, parameters: Parameters, backend: BackendInfo, limit: number): Training {
  const training = experiment.build(parameters, datasets);
  const { precision } = training.program.info;
  if (!backend.precisions.includes(precision))
    throw new LotkaError(
      'bad-input',
      `The backend ${backend.name} computes in ${backend.precisions.join(' and ')} only, not in ${precision}; choose another precision or another backend.`,
    );
  requireMemory(experiment, parameters, training, limit, datasets);
  return training;
}

/** The backend that trained a run. @throws LotkaError `unavailable` if it is not here, saying what can be done instead. */
export async function ownBackend({ id, provenance }: RunRecord): Promise<ReadyBackend> {
  try {
    return await requireBackend(backendNamed(provenance.backend));
  } catch (cause) {
    throw new LotkaError(
      'unavailable',
      `Run ${id} was trained by the backend ${provenance.backend} and goes on with no other. ${(cause as Error).message} A fork can go on with another backend.`,
      { cause },
    );
  }
}
