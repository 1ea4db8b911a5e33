import { LotkaError } from '#app/protocol/errors.ts';
import type { Experiment } from './experiment.ts';

const modules = import.meta.glob<{ default: Experiment }>('./*/experiment.ts', { eager: true });

/** Every experiment, that of the newest paper first: one folder each, found by name, nothing else lists them. */
export const experiments: readonly Experiment[] = Object.values(modules)
  .map((module) => module.default)
  .sort((a, b) => b.paper.year - a.paper.year);

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
