import type { Experiment, Milestone, Training } from '#app/experiments/experiment.ts';
import { parseParameters } from '#app/experiments/parameters.ts';
import type { RunRecord } from '#app/protocol/contract.ts';
import { parametersKey } from '#app/runs/record.ts';
import { datasets } from '#main/datasets/source.ts';
import type { Store } from '#main/store/store.ts';

/** Milestones of runs that lie in their folders. Finding them takes the training they were made by, so both are remembered. */
export class StoredMilestones {
  private readonly store: Store;
  private readonly experimentById: (id: string) => Experiment;
  private readonly trainings = new Map<string, Training>();
  private readonly found = new Map<string, readonly Milestone[]>();

  constructor(store: Store, experimentById: (id: string) => Experiment) {
    this.store = store;
    this.experimentById = experimentById;
  }

  /** @throws LotkaError `not-found` or `store-corrupt`. */
  of(id: string): readonly Milestone[] {
    const record = this.store.get(id);
    if (record.step === 0) return [];
    return remembered(this.found, `${id} ${record.step}`, 256, () => {
      const { imported } = this.experimentById(record.experiment);
      return (imported ?? this.trainingOf(record)).milestones(this.store.open(id));
    });
  }

  private trainingOf(record: RunRecord): Training {
    return remembered(this.trainings, `${record.experiment} ${parametersKey(record.parameters)}`, 8, () => {
      const experiment = this.experimentById(record.experiment);
      return experiment.build(parseParameters(experiment, null, record.parameters), datasets);
    });
  }
}

/** What a cache holds under a key, or what is made for it now; the newest `most` entries are kept. */
function remembered<V>(cache: Map<string, V>, key: string, most: number, make: () => V): V {
  const known = cache.get(key);
  if (known !== undefined) return known;
  const made = make();
  cache.set(key, made);
  if (cache.size > most) cache.delete(cache.keys().next().value!);
  return made;
}
