import { LotkaError } from '#app/protocol/errors.ts';
import type { Experiment } from './experiment.ts';

const modules = import.meta.glob<{ default: Experiment }>('./*/experiment.ts', { eager: true });

/** Every experiment, that of the newest paper first, imported runs last: one folder each, found by name, nothing else lists them. */
export const experiments: readonly Experiment[] = Object.values(modules)
  .map((module) => module.default)
  .sort((a, b) => Number(a.imported !== undefined) - Number(b.imported !== undefined) || b.paper.year - a.paper.year);

/** Those whose runs are trained here. */
export const trainedExperiments: readonly Experiment[] = experiments.filter(({ imported }) => imported === undefined);

/** @throws LotkaError `not-found` naming those that exist. */
export function experimentById(id: string): Experiment {
  const found = experiments.find((experiment) => experiment.id === id);
  if (!found)
    throw new LotkaError(
      'not-found',
      `There is no experiment "${id}"; there are: ${experiments.map((experiment) => experiment.id).join(', ')}.`,
    );
  return found;
}
